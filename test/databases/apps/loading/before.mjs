import { MongoClient } from 'mongodb';
import pg from 'pg';
import postgres from 'postgres';

const { describe, recordCalls } = await import(process.env.RECORD);
const { useDrivers } = await import(process.env.USE);

await recordCalls(async (takeCalls) => {
  await useDrivers({ pg, postgres, MongoClient });
  return { calls: takeCalls().map(describe) };
});
