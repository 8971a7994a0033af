// A portal's first calls to Dongxi, in Node.js. Exit code 0: every step gave what it should.
// node example.js PROTO_FOLDER; the .proto files are read when the program starts.
'use strict';

const assert = require('node:assert');
const {randomUUID} = require('node:crypto');
const path = require('node:path');
const {setTimeout: sleep} = require('node:timers/promises');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const address = process.env.DONGXI_ADDRESS || '127.0.0.1:7878';
const token = process.env.DONGXI_TOKEN || '';
const protoFolder = process.argv[2] || path.join(__dirname, '..', '..', 'proto');

const definition = loader.loadSync(
    ['dongxi/v1/match.proto', 'dongxi/v1/catalogue.proto', 'dongxi/v1/engagement.proto',
      'google/rpc/error_details.proto'],
    {includeDirs: [protoFolder], keepCase: true, longs: String, enums: String, defaults: true, oneofs: true});
const {v1} = grpc.loadPackageDefinition(definition).dongxi;

function metadata() {
  const result = new grpc.Metadata();
  if (token) result.set('authorization', `Bearer ${token}`);
  return result;
}

// One unary call with a deadline.
function unary(client, method, request, timeoutMs = 10000) {
  const deadline = new Date(Date.now() + timeoutMs);
  return new Promise((resolve, reject) => {
    client[method](request, metadata(), {deadline}, (error, answer) => error ? reject(error) : resolve(answer));
  });
}

// What the server says beside code and message (AIP-193), by the names of google.rpc: ErrorInfo, BadRequest, RetryInfo.
function details(error) {
  const found = {};
  for (const bytes of error.metadata ? error.metadata.get('grpc-status-details-bin') : []) {
    for (const detail of definition['google.rpc.Status'].deserialize(bytes).details) {
      const name = detail.type_url.split('/').pop();
      if (definition[name]) found[name.split('.').pop()] = definition[name].deserialize(detail.value);
    }
  }
  return found;
}

// Tries again if the server is away for a moment, waiting twice as long each time, or if it is too busy and says how long
// to wait (RetryInfo); other errors would be the same the next time.
async function call(client, method, request, tries = 5) {
  for (let attempt = 1, wait = 100;; ++attempt, wait *= 2) {
    try {
      return await unary(client, method, request);
    } catch (error) {
      const delay = details(error).RetryInfo?.retry_delay;
      if ((!delay && error.code !== grpc.status.UNAVAILABLE) || attempt === tries) throw error;
      await sleep(delay ? Number(delay.seconds) * 1000 + delay.nanos / 1e6 : wait * (0.5 + Math.random()));
    }
  }
}

async function main() {
  // For TLS: grpc.credentials.createSsl()
  const credentials = grpc.credentials.createInsecure();
  const match = new v1.MatchService(address, credentials);
  const catalogue = new v1.CatalogueService(address, credentials);

  const need = {title: '高镁锂比盐湖卤水提锂吸附剂', wanted: '低溶损的提锂吸附剂和工艺', region_code: '63'};
  const answer = await call(match, 'Match', {need, page_size: 3, view: 'MATCH_VIEW_FULL'});
  console.log('match', answer.match_id);
  for (const entry of answer.partners.entries) {
    console.log(`  ${entry.score.toFixed(3)} ${entry.title}：${entry.reasons.join('；')}`);
  }
  assert(answer.partners.entries.length > 0 && answer.partners.entries[0].reasons.length > 0, 'a match says why');

  const names = [];
  let pageToken = '';
  do {
    const page = await call(catalogue, 'ListNeeds', {page_size: 20, page_token: pageToken});
    names.push(...page.needs.map((item) => item.name));
    pageToken = page.next_page_token;
  } while (pageToken);
  console.log('needs', names.length);
  assert(names.length > 20 && new Set(names).size === names.length, 'every page was new');

  // The same request_id is the same request: a repeat after a lost answer has no second effect.
  const create = {need, request_id: randomUUID()};
  const created = await call(catalogue, 'CreateNeed', create);
  const again = await call(catalogue, 'CreateNeed', create);
  console.log('created', created.name);
  assert.deepStrictEqual([again.name, again.etag], [created.name, created.etag], 'created once');

  // A write that was answered is matched at once. What came of the match is recorded under its match_id.
  const found = await call(match, 'Match', {need_name: created.name, page_size: 1});
  const engagement = {
    match_id: found.match_id, need: created.name, offer: found.results.entries[0].name, step: 'ENGAGEMENT_STEP_INTERESTED'};
  const engagements = new v1.EngagementService(address, credentials);
  const recorded = await call(engagements, 'RecordEngagement', {engagement, request_id: randomUUID()});
  console.log('recorded', recorded.engagement.name, engagement.offer);
  assert(recorded.engagement.name.startsWith('engagements/'));
  await call(catalogue, 'DeleteNeed', {name: created.name});
  engagements.close();

  const wrong = await unary(match, 'Match', {text: '锂', page_size: -1}).then(() => null, (error) => error);
  assert.strictEqual(wrong?.code, grpc.status.INVALID_ARGUMENT);
  const violation = details(wrong).BadRequest.field_violations[0];
  console.log('error', grpc.status[wrong.code], violation.field, '-', violation.description);
  assert.strictEqual(violation.field, 'page_size');

  const late = await unary(match, 'Match', {text: '锂'}, -1).then(() => null, (error) => error);
  console.log('deadline', grpc.status[late?.code]);
  assert.strictEqual(late?.code, grpc.status.DEADLINE_EXCEEDED);

  match.close();
  catalogue.close();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
