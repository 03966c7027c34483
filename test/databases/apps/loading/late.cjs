(async () => {
  const { describe, recordCalls } = await import(process.env.RECORD);
  const { useDrivers } = await import(process.env.USE);
  await recordCalls(async (takeCalls) => {
    const { MongoClient } = require('mongodb');
    const pg = require('pg');
    const postgres = require('postgres');
    // As in an app that connects, and then answers requests.
    await new Promise((resolve) => setImmediate(resolve));
    await useDrivers({ pg, postgres, MongoClient });
    return { calls: takeCalls().map(describe) };
  });
})();
