// Cloudflare's own R2 simulator with an S3 endpoint on loopback.
//   NODE_PATH=.../node_modules node r2_simulator.cjs DATA_FOLDER
// Prints "READY <url>" and ends when its standard input does. The endpoint is
// <url>cdn-cgi/local/r2/s3, over https with a certificate of its own.
// It enforces signatures, expiry, Content-MD5, body SHA-256, If-None-Match on PUT and equal parts.
// It has no ListParts, ListMultipartUploads, lifecycle, CreateBucket or Date header, and does not
// look at conditions when an upload is completed.
const { Miniflare } = require("miniflare");
const server = new Miniflare({
  modules: true,
  script: 'export default { fetch() { return new Response("ok") } }',
  compatibilityDate: "2026-01-01",
  host: "127.0.0.1",
  port: 0,
  cf: false,
  https: true,
  r2Persist: process.argv[2],
  r2Buckets: {
    B: {
      id: "test-bucket",
      s3Credentials: { accessKeyId: "testkey", secretAccessKey: "testsecret" },
    },
  },
});
server.ready.then((url) => console.log("READY", url.href));
process.stdin.resume();
process.stdin.on("end", async () => {
  await server.dispose();
  process.exit(0);
});
