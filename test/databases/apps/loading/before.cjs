const { MongoClient } = require('mongodb');
const pg = require('pg');
const postgres = require('postgres');

(async () => {
  const { describe, recordCalls } = await import(process.env.RECORD);
  const { useDrivers } = await import(process.env.USE);
  await recordCalls(async (takeCalls) => {
    await useDrivers({ pg, postgres, MongoClient });
    return { calls: takeCalls().map(describe) };
  });
})();
