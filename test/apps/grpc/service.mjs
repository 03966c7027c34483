// The methods of `shop.v1.Shop2` and of gRPC's health service. Messages are `{ value }` and written like a short
// google.protobuf.StringValue, so that no schema is needed.
const encode = ({ value }) => Buffer.concat([Buffer.from([0x0a, Buffer.byteLength(value)]), Buffer.from(value)]);
const decode = (bytes) => ({ value: bytes.subarray(2).toString() });
const text = {
  requestSerialize: encode,
  requestDeserialize: decode,
  responseSerialize: encode,
  responseDeserialize: decode,
};
const method = (path, requestStream, responseStream) => ({ path, requestStream, responseStream, ...text });

export const shop = {
  GetV2Order: method('/shop.v1.Shop2/GetV2Order', false, false),
  Refuse: method('/shop.v1.Shop2/Refuse', false, false),
  Hang: method('/shop.v1.Shop2/Hang', false, false),
  List: method('/shop.v1.Shop2/List', false, true),
  Follow: method('/shop.v1.Shop2/Follow', false, true),
  Chat: method('/shop.v1.Shop2/Chat', true, true),
  // The servers do not have this one.
  Invented: method('/shop.v1.Shop2/Invented', false, false),
};

export const health = { Watch: method('/grpc.health.v1.Health/Watch', false, true) };
