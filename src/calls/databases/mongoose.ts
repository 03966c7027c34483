import { OTHER } from '../../semconv.ts';
import { isPatched } from './patched-drivers.ts';
import { createTracedDriver } from './traced-driver.ts';

interface Message {
  readonly operation?: string;
  readonly serverAddress?: string;
  readonly serverPort?: number;
}

/** The command of MongoDB that an operation of mongoose sends. */
const COMMANDS = new Map(
  Object.entries({
    aggregate: 'aggregate',
    bulkWrite: 'bulkWrite',
    countDocuments: 'aggregate',
    deleteMany: 'delete',
    deleteOne: 'delete',
    distinct: 'distinct',
    estimatedDocumentCount: 'count',
    find: 'find',
    findOne: 'find',
    findOneAndDelete: 'findAndModify',
    findOneAndReplace: 'findAndModify',
    findOneAndUpdate: 'findAndModify',
    insertMany: 'insert',
    replaceOne: 'update',
    // An insert or an update: mongoose does not tell which.
    save: 'save',
    updateMany: 'update',
    updateOne: 'update',
  }),
);

const operation = {
  // mongoose calls the driver `mongodb`. Where that is patched, each command is seen there.
  operation: (message: Message) =>
    isPatched('mongodb') ? undefined : (COMMANDS.get(message.operation ?? '') ?? OTHER),
};

/**
 * mongoose 9.7 and later. `mongoose:cursor:next` is left alone: it tells of each document, and the database is only asked for
 * a batch of them.
 */
export const mongoose = createTracedDriver<Message>({
  name: 'mongoose',
  system: 'mongodb',
  address: (message) => message.serverAddress,
  port: (message) => message.serverPort,
  channels: {
    'mongoose:query': operation,
    'mongoose:aggregate': operation,
    'mongoose:model:save': operation,
    'mongoose:model:insertMany': operation,
    'mongoose:model:bulkWrite': operation,
  },
});
