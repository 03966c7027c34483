import * as http from 'node:http';
import { Redis } from 'ioredis';
import pg from 'pg';

const { serve } = await import(process.env.SERVE);
serve({ http, pg, Redis });
