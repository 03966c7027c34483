import type { CallSource } from '../call-source.ts';
import { mongodb } from './mongodb.ts';
import { mongoose } from './mongoose.ts';
import { mssql } from './mssql.ts';
import { mysql2 } from './mysql2.ts';
import { pg } from './pg.ts';
import { pgChannels } from './pg-channels.ts';
import { postgres } from './postgres.ts';
import { ioredis, nodeRedis } from './redis.ts';

/** Every driver whose calls are seen, one row each. */
export const DATABASE_DRIVERS: readonly CallSource[] = [
  ioredis,
  mongodb,
  mongoose,
  mssql,
  mysql2,
  nodeRedis,
  pg,
  pgChannels,
  postgres,
];
