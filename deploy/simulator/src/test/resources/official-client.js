'use strict';
// Drives the official client as it was installed: one call a line on stdin, what came of it a line on stdout.
const readline = require('readline');

console.log = console.error; // where the client tells of its retries; stdout is for answers alone
const {Client} = require('wavespeed');

async function answer({baseUrl, key, method, args}) {
  const client = new Client(key, {baseUrl, retryInterval: 0.01, timeout: 20});
  try {
    return {value: await client[method](...args)};
  } catch (error) {
    return {error: error.constructor.name, message: error.message};
  }
}

readline.createInterface({input: process.stdin}).on('line', async (line) => {
  process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + '\n');
});
