// verify.mjs CA PURPOSE HOST FILE KEY: Node's verdict in a handshake with itself, in which FILE is shown by
// the end that PURPOSE names: "ok", or what the other end says.
import fs from 'node:fs'
import net from 'node:net'
import tls from 'node:tls'

const [ca, purpose, host, file, key] = process.argv.slice(2)
const pair = { cert: fs.readFileSync(file), key: fs.readFileSync(key) }
const trust = { ca: fs.readFileSync(ca) }
const isServer = purpose === 'server'

function end(verdict) {
  console.log(verdict.replaceAll('\n', ' '))
  process.exit(0)
}

try {
  const server = tls.createServer(
    isServer ? pair : { ...pair, ...trust, requestCert: true, rejectUnauthorized: false },
    (socket) => isServer || end(socket.authorized ? 'ok' : String(socket.authorizationError)),
  )
  server.on('tlsClientError', (error) => isServer || end(error.message))
  server.listen(0, '127.0.0.1', () => {
    const options = isServer
      ? { ...trust, ...(net.isIP(host) ? {} : { servername: host }), checkServerIdentity: (_, cert) => tls.checkServerIdentity(host, cert) }
      : { ...pair, rejectUnauthorized: false }
    const client = tls.connect({ port: server.address().port, host: '127.0.0.1', ...options }, () => isServer && end('ok'))
    client.on('error', (error) => isServer && end(error.message))
  })
} catch (error) {
  end(error.message)
}
setTimeout(() => end('no handshake'), 5000)
