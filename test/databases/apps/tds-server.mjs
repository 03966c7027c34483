// Answers as SQL Server does, in its protocol TDS 7.4: no SQL Server can be installed for tests. Every statement succeeds
// without rows; one that contains `missing` fails as SQL Server fails for an unknown table.
// https://learn.microsoft.com/openspecs/windows_protocols/ms-tds
import { createServer } from 'node:net';

const [SQL_BATCH, RPC, RESPONSE, LOGIN, TRANSACTION, PRELOGIN] = [0x01, 0x03, 0x04, 0x10, 0x0e, 0x12];
const HEADER_BYTES = 8;
const END_OF_MESSAGE = 1;

/** No encryption. */
const PRELOGIN_ANSWER = Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 16, 0, 0, 0, 2]);

const numbers = (bytes, value, write) => {
  const buffer = Buffer.alloc(bytes);
  buffer[write](value);
  return buffer;
};
const u16 = (value) => numbers(2, value, 'writeUInt16LE');
const u32 = (value) => numbers(4, value, 'writeUInt32LE');
const shortText = (text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'utf16le')]);
const longText = (text) => Buffer.concat([u16(text.length), Buffer.from(text, 'utf16le')]);
const sized = (token, ...parts) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([token]), u16(body.length), body]);
};
const done = (token, status) => Buffer.concat([Buffer.from([token]), u16(status), u16(0), Buffer.alloc(8)]);

const loginAcknowledged = sized(
  0xad,
  Buffer.from([1, 0x74, 0, 0, 4]),
  shortText('Microsoft SQL Server'),
  Buffer.from([16, 0, 16, 0]),
);
const unknownTable = sized(
  0xaa,
  u32(208),
  Buffer.from([1, 16]),
  longText("Invalid object name 'missing'."),
  shortText('test'),
  shortText(''),
  u32(1),
);

function answer(type, body) {
  if (type === PRELOGIN) return PRELOGIN_ANSWER;
  if (type === LOGIN) return Buffer.concat([loginAcknowledged, done(0xfd, 0)]);
  const [DONE, DONE_PROC] = [0xfd, 0xfe];
  const token = type === RPC ? DONE_PROC : DONE;
  if (![SQL_BATCH, RPC, TRANSACTION].includes(type)) throw new Error(`unexpected TDS message ${type}`);
  return body.includes(Buffer.from('missing', 'utf16le'))
    ? Buffer.concat([unknownTable, done(token, 2)])
    : done(token, 0);
}

function packet(body) {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(RESPONSE, 0);
  header.writeUInt8(END_OF_MESSAGE, 1);
  header.writeUInt16BE(HEADER_BYTES + body.length, 2);
  return Buffer.concat([header, body]);
}

/** @returns its port */
export function startTdsServer() {
  const server = createServer((socket) => {
    let received = Buffer.alloc(0);
    let message = [];
    socket.on('error', () => {});
    socket.on('data', (data) => {
      received = Buffer.concat([received, data]);
      while (received.length >= HEADER_BYTES && received.length >= received.readUInt16BE(2)) {
        const length = received.readUInt16BE(2);
        message.push(received.subarray(HEADER_BYTES, length));
        const [type, status] = received;
        received = received.subarray(length);
        if ((status & END_OF_MESSAGE) === 0) continue;
        socket.write(packet(answer(type, Buffer.concat(message))));
        message = [];
      }
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}
