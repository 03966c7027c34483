const { describe, recordCalls } = await import(process.env.RECORD);
const { useDrivers } = await import(process.env.USE);

await recordCalls(async (takeCalls) => {
  await new Promise((resolve) => setImmediate(resolve));
  const [{ default: pg }, { default: postgres }, { MongoClient }] = await Promise.all([
    import('pg'),
    import('postgres'),
    import('mongodb'),
  ]);
  await useDrivers({ pg, postgres, MongoClient });
  return { calls: takeCalls().map(describe) };
});
