import { describe, driver, recordCalls, server } from './record.mjs';

// `localhost` in the address stays `localhost`, whatever it resolves to.
const client = new driver.MongoClient(`mongodb://localhost:${server.port}`);

await recordCalls(async (takeCalls) => {
  const steps = {};
  const step = async (name, run) => {
    await run();
    steps[name] = takeCalls().map(describe);
  };
  await step('connect', () => client.connect());
  const db = client.db(`apm${process.pid}`);
  const items = db.collection('items');
  await step('insertOne', () => items.insertOne({ name: 'secret' }));
  await step('insertMany', () => items.insertMany(Array.from({ length: 5 }, (_, number) => ({ number }))));
  await step('findOne', () => items.findOne({ name: 'secret' }));
  await step('find in batches', () => items.find().batchSize(2).toArray());
  await step('updateOne', () => items.updateOne({ name: 'secret' }, { $set: { number: 7 } }));
  await step('findOneAndUpdate', () => items.findOneAndUpdate({ name: 'secret' }, { $set: { number: 8 } }));
  await step('countDocuments', () => items.countDocuments());
  await step('distinct', () => items.distinct('number'));
  await step('bulkWrite', () => items.bulkWrite([{ insertOne: { document: {} } }, { deleteMany: { filter: {} } }]));
  await step('createIndex', () => items.createIndex({ number: 1 }));
  await step('command', () => db.command({ ping: 1 }));
  await step('unknown command', () => db.command({ secret: 1 }).catch(() => {}));
  await step('duplicate key', async () => {
    await items.insertOne({ _id: 1 });
    await items.insertOne({ _id: 1 }).catch(() => {});
  });
  await step('three calls at once', () => Promise.all([items.findOne(), items.findOne(), items.findOne()]));
  await step('close', () => client.close());
  const local = new driver.MongoClient(`mongodb://${encodeURIComponent(server.socket)}`);
  await step('socket', () => local.db('apm').command({ ping: 1 }));
  await local.close();
  const closed = new driver.MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 100 });
  takeCalls();
  await step('client that cannot connect', () =>
    closed
      .db('apm')
      .command({ ping: 1 })
      .catch(() => {}),
  );
  await closed.close();
  return { steps };
});
