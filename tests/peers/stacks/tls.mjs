// node tls.mjs DIR: Node's tls module, on both ends.
//
// DIR holds ca.pem server.pem server.key client.pem client.key, made for localhost, 127.0.0.1 and ::1. One
// line `ok …` or `FAIL …` a check; exit 1 if any failed. Only what comes with Node.

import { readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import process from "node:process";
import tls from "node:tls";

const WRONG_USE = /INVALID_PURPOSE/;

// What is tried, who serves, who connects, under which name, who refuses (null for nobody), and why.
const CHECKS = [
  ["client.pem is let in, by localhost", "server", "client", "localhost", null, null],
  ["client.pem is let in, by 127.0.0.1", "server", "client", "127.0.0.1", null, null],
  ["client.pem is let in, by ::1", "server", "client", "::1", null, null],
  ["a client without a certificate is refused", "server", null, "localhost",
    "server", /peer did not return a certificate/],
  ["server.pem as a client is refused", "server", "server", "localhost", "server", WRONG_USE],
  ["a wrong name is refused", "server", "client", "wrong.example", "client", /ERR_TLS_CERT_ALTNAME_INVALID/],
  ["client.pem as a server is refused", "client", "client", "localhost", "client", WRONG_USE],
];

/** One connection: the error at each end, null where there was none. */
async function exchange(dir, serving, connecting, name) {
  const read = (file) => readFileSync(path.join(dir, file));
  const pair = (of) => (of ? { cert: read(`${of}.pem`), key: read(`${of}.key`) } : {});
  const errors = { server: null, client: null };

  const server = tls.createServer({
    ca: read("ca.pem"),
    ...pair(serving),
    requestCert: true,
    rejectUnauthorized: true,
    handshakeTimeout: 5000,
  });
  // Settles once the server has answered, or given a client up.
  const served = new Promise((done) => {
    server.on("tlsClientError", (error, end) => {
      // The error itself says "socket hang up" of a client whose certificate was judged and refused.
      errors.server = end.authorizationError ? new Error(end.authorizationError) : error;
      done();
    });
    server.on("secureConnection", (end) => {
      end.setTimeout(5000, () => end.destroy(new Error("the client is silent")));
      end.on("error", (error) => (errors.server = error));
      end.on("data", (data) => end.end(data));
      end.on("close", done);
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));

  await new Promise((done) => {
    const client = tls.connect({
      // The address is fixed here, so that host is only the name that the certificate must bear.
      socket: net.connect(server.address().port, "127.0.0.1"),
      host: name,
      servername: net.isIP(name) ? "" : name,
      ca: read("ca.pem"),
      ...pair(connecting),
    });
    // In TLS 1.3 a client learns only behind the handshake that its certificate was refused.
    let answered = false;
    client.setTimeout(5000, () => client.destroy(new Error("the server is silent")));
    client.on("secureConnect", () => client.write("ping"));
    client.on("data", () => (answered = true));
    client.on("error", (error) => (errors.client ??= error));
    client.on("close", () => {
      if (!answered) errors.client ??= new Error("no answer");
      done();
    });
  });
  await served;
  server.close();
  return errors;
}

const words = (error) => (error ? `${error.code ?? ""} ${error.message}`.trim() : "content");

/** What is wrong with the outcome, null if nothing. */
function judge(errors, refuser, reason) {
  const both = `server: ${words(errors.server)}; client: ${words(errors.client)}`;
  if (!refuser) return errors.server || errors.client ? both : null;
  if (!errors.client) return "was let in";
  return reason.test(words(errors[refuser])) ? null : `expected ${reason} from the ${refuser}: ${both}`;
}

// Debian's Node 18.20.4 (deb12u3) finds no IPv6 address in any certificate: it takes it for a domain first.
const knowsIpv6 = !tls.checkServerIdentity("::1", { subject: {}, subjectaltname: "IP Address:0:0:0:0:0:0:0:1" });

if (process.argv.length !== 3) {
  console.error("usage: tls.mjs DIR");
  process.exit(2);
}
let failed = false;
for (const [what, serving, connecting, name, refuser, reason] of CHECKS) {
  if (net.isIPv6(name) && !knowsIpv6) {
    console.log(`skipped: node: ${what}: this Node finds no IPv6 address in any certificate`);
    continue;
  }
  const wrong = judge(await exchange(process.argv[2], serving, connecting, name), refuser, reason);
  failed ||= wrong !== null;
  console.log(wrong === null ? `ok node: ${what}` : `FAIL node: ${what}: ${wrong}`);
}
process.exit(failed ? 1 : 0);
