/** What is told and done about what AWS's SDK throws and what a function reports: those kinds that the emulator does not bring about. */
import { describe, expect, it } from 'vitest';
import { explainFunctionError, explainThrown } from '../../main/adapters/lambda/failures.ts';

const place = { functionName: 'f', qualifier: 'live', region: 'eu-central-1' };
const thrown = (name: string, message = '', more: object = {}): Error => Object.assign(new Error(message), { name }, more);

describe('what the SDK throws', () => {
  it.each([
    // how it names a line that was cut, and a call that has no end
    [thrown('TimeoutError', 'read ECONNRESET', { code: 'ECONNRESET' }), 'place-unreachable', 'again'],
    [thrown('TimeoutError', 'the request socket did not establish a connection with the server'), 'place-unreachable', 'again'],
    [thrown('TimeoutError', '[ERROR] a request has exceeded the configured 75000 ms requestTimeout.', { code: 'ETIMEDOUT' }), 'timeout', 'smaller'],
    [thrown('TimeoutError', 'read ETIMEDOUT', { code: 'ETIMEDOUT' }), 'place-unreachable', 'again'],
    [thrown('Error', 'getaddrinfo EAI_AGAIN', { code: 'EAI_AGAIN' }), 'place-unreachable', 'again'],
    [thrown('CredentialsProviderError', 'The SSO session associated with this profile has expired.'), 'credentials-expired', 'stop'],
    [thrown('CredentialsProviderError', 'Could not load credentials from any providers'), 'credentials-missing', 'stop'],
    [thrown('UnrecognizedClientException', '', { $metadata: { httpStatusCode: 403 } }), 'credentials-missing', 'stop'],
    [thrown('SomethingNew', '', { $metadata: { httpStatusCode: 403 } }), 'access-denied', 'stop'],
    [thrown('ServiceException', '', { $metadata: { httpStatusCode: 500 } }), 'place-failed', 'again'],
    [thrown('SyntaxError', 'Unexpected token'), 'place-failed', 'again'],
    ['no error at all', 'place-failed', 'again'],
  ])('%s', (error, code, remedy) => {
    const failure = explainThrown(error, place);
    expect([failure.error.code, failure.remedy]).toEqual([code, remedy]);
    expect(failure.error.retry).toBe(remedy !== 'stop');
    expect(failure.error.message).toMatch(/\.$/);
  });
});

describe('what a function reports', () => {
  it.each([
    [{ errorType: 'Sandbox.Timedout' }, 'timeout', 'smaller'],
    [{ errorMessage: '2026-01-01 a Task timed out after 3.00 seconds' }, 'timeout', 'smaller'],
    [{ errorType: 'Runtime.ExitError' }, 'worker-crashed', 'smaller'],
    [{ errorType: 'Runtime.ImportModuleError' }, 'place-failed', 'stop'],
    [{ errorType: 'TypeError', errorMessage: 'x' }, 'place-failed', 'smaller'],
    [null, 'place-failed', 'smaller'],
    ['text', 'place-failed', 'smaller'],
  ])('%j', (payload, code, remedy) => {
    const failure = explainFunctionError(payload);
    expect([failure.error.code, failure.remedy]).toEqual([code, remedy]);
  });
});
