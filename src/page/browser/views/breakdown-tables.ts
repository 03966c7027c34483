import type { BreakdownRow } from '../model/breakdowns.ts';
import type { ProcessVitals } from '../model/decode.ts';
import { secondsOf } from '../model/estimate.ts';
import { formatBytes, formatCount, formatNumber, formatPercent, formatSeconds, NO_NUMBER } from '../text/format.ts';
import { words } from '../text/words.ts';
import { estimateCell } from './estimate-cell.ts';
import { type Column, Table } from './table.ts';

const [P99_COLUMN, P99_COLUMN_OF_CALLS] = [2, 3];

/** Shown as the operation of calls that are no calls of a database. */
const HTTP = 'HTTP';
/** The operation of waiting for a connection of a pool. */
const CONNECT = 'connect';

const errorRate = ({ totals }: BreakdownRow): number => totals.errors / Math.max(totals.requests, 1);

const nameColumn = (name: string): Column<BreakdownRow> => ({
  name,
  sortValue: (row) => row.name,
  cell: (row) => ({ text: row.name }),
});

const requestsColumn = (name: string): Column<BreakdownRow> => ({
  name,
  sortValue: ({ totals }) => totals.requests,
  cell: ({ totals }) => ({ text: formatCount(totals.requests) }),
});

const p99Column: Column<BreakdownRow> = {
  name: 'p99',
  sortValue: ({ p99 }) => secondsOf(p99),
  cell: ({ p99 }) => estimateCell(p99),
};

const vitalsColumn = (
  name: string,
  read: (vitals: ProcessVitals) => number,
  format: (value: number) => string,
): Column<BreakdownRow> => ({
  name,
  sortValue: ({ vitals }) => vitals && read(vitals),
  cell: ({ vitals }) => ({ text: vitals ? format(read(vitals)) : NO_NUMBER }),
});

export const callsTable = (): Table<BreakdownRow> =>
  new Table({
    caption: words.outgoing,
    keyOf: ({ name, operation = '' }) => `${name} ${operation}`,
    sortBy: P99_COLUMN_OF_CALLS,
    columns: [
      nameColumn(words.host),
      {
        name: words.operation,
        tooltip: words.operationHint,
        sortValue: ({ operation = HTTP }) => operation,
        cell: ({ operation = HTTP }) => ({
          text: operation,
          ...(operation === CONNECT && { note: words.connect }),
        }),
      },
      requestsColumn(words.calls),
      p99Column,
      {
        name: words.totalTime,
        tooltip: words.totalTimeHint,
        sortValue: ({ totals }) => totals.seconds,
        cell: ({ totals }) => ({ text: formatSeconds(totals.seconds) }),
      },
      {
        name: words.failedCalls,
        tooltip: words.failedCallsHint,
        // It is not measured of databases.
        sortValue: (row) => (row.operation === undefined ? errorRate(row) : undefined),
        cell: (row) =>
          row.operation === undefined
            ? { text: formatPercent(errorRate(row)), className: row.totals.errors > 0 ? 'bad' : '' }
            : { text: NO_NUMBER },
      },
    ],
  });

export const processesTable = (): Table<BreakdownRow> =>
  new Table({
    caption: words.processes,
    keyOf: ({ name }) => name,
    sortBy: P99_COLUMN,
    columns: [
      nameColumn(words.process),
      requestsColumn(words.requests),
      p99Column,
      {
        name: words.errorsColumn,
        tooltip: words.errorsHint,
        sortValue: errorRate,
        cell: (row) => ({ text: formatPercent(errorRate(row)) }),
      },
      vitalsColumn(words.active, ({ activeRequests }) => activeRequests, formatCount),
      vitalsColumn(words.loopDelay, ({ loopDelay }) => loopDelay, formatSeconds),
      vitalsColumn(words.cpu, ({ cpuCores }) => cpuCores, formatNumber),
      vitalsColumn(words.memory, ({ memoryBytes }) => memoryBytes, formatBytes),
    ],
  });
