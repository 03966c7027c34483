// A server of connect-node over HTTP/2.
import { createServer } from 'node:http2';
import { create, createFileRegistry, fromJson } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema, StringValueSchema } from '@bufbuild/protobuf/wkt';
import { ConnectError } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { health, shop } from './service.mjs';

const TYPE = '.google.protobuf.StringValue';
const { Invented, ...implemented } = shop;

function describe(name, methods) {
  const [, service] = Object.values(methods)[0].path.split('/');
  const method = Object.entries(methods).map(([name, { requestStream, responseStream }]) => ({
    name,
    inputType: TYPE,
    outputType: TYPE,
    clientStreaming: requestStream,
    serverStreaming: responseStream,
  }));
  const file = {
    name,
    package: service.slice(0, service.lastIndexOf('.')),
    dependency: ['google/protobuf/wrappers.proto'],
    syntax: 'proto3',
    service: [{ name: service.slice(service.lastIndexOf('.') + 1), method }],
  };
  const wrappers = StringValueSchema.file.proto;
  const files = create(FileDescriptorSetSchema, { file: [wrappers, fromJson(FileDescriptorProtoSchema, file)] });
  return createFileRegistry(files).getService(service);
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const message = (value) => ({ value });
const routes = (router) =>
  router
    .service(describe('shop.proto', implemented), {
      async getV2Order({ value }) {
        await wait(20);
        return message(`order ${value}`);
      },
      async refuse({ value }) {
        throw new ConnectError('refused', Number(value));
      },
      hang: () => new Promise(() => {}),
      async *list() {
        for (const item of ['a', 'b', 'c']) yield message(item);
      },
      async *follow({ value }) {
        yield message('begun');
        await (Number(value) > 0 ? wait(Number(value)) : new Promise(() => {}));
      },
      async *chat(messages) {
        for await (const { value } of messages) yield message(value);
      },
    })
    .service(describe('health.proto', health), {
      async *watch() {
        yield message('SERVING');
        await new Promise(() => {});
      },
    });
const server = createServer(connectNodeAdapter({ routes }));
server.listen(0, '127.0.0.1', () => console.log('listening', server.address().port));
