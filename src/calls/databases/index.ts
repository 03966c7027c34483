import type { CallSource } from '../call-source.ts';
import { mongoose } from './mongoose.ts';
import { mssql } from './mssql.ts';
import { mysql2 } from './mysql2.ts';
import { pgChannels } from './pg-channels.ts';
import { ioredis, nodeRedis } from './redis.ts';

/** Every driver whose calls are seen, one row each. */
export const DATABASE_DRIVERS: readonly CallSource[] = [ioredis, mongoose, mssql, mysql2, nodeRedis, pgChannels];
