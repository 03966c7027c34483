/** Commands that apps send through a driver, and those that drivers send for them. Those of an administrator are `other`. */
export const MONGODB_COMMANDS: ReadonlySet<string> = new Set(
  `
  abortTransaction aggregate bulkWrite buildInfo collMod collStats commitTransaction convertToCapped count create
  createIndexes createSearchIndexes createUser currentOp dbStats delete distinct drop dropDatabase dropIndexes
  dropSearchIndex endSessions explain find findAndModify getMore hello insert isMaster killCursors killOp listCollections
  listDatabases listIndexes listSearchIndexes mapReduce ping renameCollection serverStatus update updateSearchIndex
`
    .trim()
    .split(/\s+/),
);
