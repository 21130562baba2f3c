// load.mjs KEY FILE...: whether Node's tls loads each file; a line for each, `ok` or the error.
import fs from 'node:fs'
import tls from 'node:tls'

const [key, ...files] = process.argv.slice(2)
for (const file of files) {
  try {
    tls.createSecureContext({ cert: fs.readFileSync(file), key: fs.readFileSync(key) })
    console.log('ok')
  } catch (error) {
    console.log(error.message.replaceAll('\n', ' '))
  }
}
