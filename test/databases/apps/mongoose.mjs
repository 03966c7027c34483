import { describe, driver, recordCalls, server } from './record.mjs';

await recordCalls(async (takeCalls) => {
  const connection = driver.createConnection(`mongodb://127.0.0.1:${server.port}/mongoose${process.pid}`);
  const User = connection.model('User', new driver.Schema({ name: String }));
  await User.init();
  takeCalls();
  const steps = {};
  for (const [name, run] of Object.entries({
    find: () => User.find({ name: 'secret' }),
    findOne: () => User.findOne({ name: 'secret' }),
    save: () => new User({ name: 'secret' }).save(),
    create: () => User.create({ name: 'secret' }),
    updateOne: () => User.updateOne({ name: 'secret' }, { name: 'other' }),
    findOneAndDelete: () => User.findOneAndDelete({ name: 'secret' }),
    countDocuments: () => User.countDocuments(),
    aggregate: () => User.aggregate([{ $match: { name: 'secret' } }]),
    insertMany: () => User.insertMany([{ name: 'secret' }]),
    bulkWrite: () => User.bulkWrite([{ deleteOne: { filter: { name: 'secret' } } }]),
  })) {
    await run();
    steps[name] = takeCalls().map(describe);
  }
  return { steps };
});
