/** What can go wrong with a call, as coded errors that say what to do, and what may be done about it without a person. */
import { coded } from '../../base/index.ts';
import type { CodedError, ErrorCode } from '../../base/index.ts';

/**
 * `stop`: nothing else will go better. `again`: the same call may go better later. `smaller`: with fewer pictures it may.
 */
export type Remedy = 'stop' | 'again' | 'smaller';

export interface CallFailure {
  readonly error: CodedError;
  readonly remedy: Remedy;
}

/** Where the function is, for sentences. */
export interface FunctionPlace {
  readonly functionName: string;
  readonly qualifier: string;
  readonly region: string;
}

const stop = (code: ErrorCode, message: string): CallFailure => ({ error: coded(code, message), remedy: 'stop' });
const again = (code: ErrorCode, message: string): CallFailure => ({ error: coded(code, message, { retry: true }), remedy: 'again' });
const smaller = (code: ErrorCode, message: string): CallFailure => ({ error: coded(code, message, { retry: true }), remedy: 'smaller' });

const signIn = 'Sign in again (for example "aws sso login"), or renew the keys, and repeat.';

/** Of what the SDK threw: an error of the service (named as in Lambda's API reference, "Invoke"), of finding credentials, or of the line. */
export function explainThrown(thrown: unknown, { functionName, qualifier, region }: FunctionPlace): CallFailure {
  const { name, text, errno, status } = readThrown(thrown);
  switch (name) {
    case 'ResourceNotFoundException':
      return stop('place-missing', `There is no function "${functionName}" with the alias "${qualifier}" in ${region} for these credentials. Check the name, the region and the profile.`);
    case 'AccessDeniedException':
    case 'KMSAccessDeniedException':
      return stop('access-denied', `These credentials may not call "${functionName}:${qualifier}" in ${region}. They need lambda:InvokeFunction on that alias.`);
    case 'ExpiredTokenException':
    case 'ExpiredToken':
    case 'TokenProviderError':
    case 'TokenRefreshRequired':
      return stop('credentials-expired', `The AWS credentials have expired. ${signIn}`);
    case 'UnrecognizedClientException':
    case 'InvalidClientTokenId':
    case 'InvalidSignatureException':
    case 'SignatureDoesNotMatch':
    case 'MissingAuthenticationTokenException':
    case 'IncompleteSignature':
      return stop('credentials-missing', `AWS does not know these credentials in ${region}. Check the keys, the profile, and this computer's clock.`);
    case 'CredentialsProviderError':
      return /expired|refresh/i.test(text)
        ? stop('credentials-expired', `The AWS credentials have expired. ${signIn}`)
        : stop('credentials-missing', 'No AWS credentials were found on this computer. Set up a profile ("aws configure sso") and name it, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
    case 'RequestTooLargeException':
      return smaller('too-large', 'The picture is larger than one call of AWS Lambda may be.');
    case 'TooManyRequestsException':
    case 'ThrottlingException':
    case 'EC2ThrottledException':
      return again('place-busy', `The function "${functionName}" has no room for more calls. Raise its reserved concurrency, or ask for fewer at a time.`);
    case 'InvalidRuntimeException':
    case 'InvalidZipFileException':
    case 'InvalidParameterValueException':
    case 'InvalidRequestContentException':
    case 'UnsupportedMediaTypeException':
      return stop('place-failed', `AWS Lambda refused the call (${name}). Deploy the function again, of the same version as Parjanya.`);
  }
  if (status === 401 || status === 403) return stop('access-denied', `AWS refused these credentials in ${region} (${name}). They need lambda:InvokeFunction on "${functionName}:${qualifier}".`);
  if (errno === 'ENOTFOUND' || errno === 'EAI_AGAIN') return again('place-unreachable', `The address of AWS Lambda in "${region}" was not found. Check the name of the region and the connection of this computer.`);
  // the SDK calls so too what was cut (ECONNRESET, EPIPE), and a line on which nobody answers; its own time limit has the code of such a line (ETIMEDOUT)
  const isLine = !/requestTimeout/.test(text) && (errno !== null || /establish a connection/.test(text));
  if (name === 'TimeoutError' && isLine) return again('place-unreachable', `The line to AWS Lambda in ${region} was cut, or nobody answers there. Check the connection of this computer.`);
  if (name === 'TimeoutError') return smaller('timeout', 'The function took too long and was given up.');
  if (errno) return again('place-unreachable', `AWS Lambda in ${region} cannot be reached (${errno}). Check the connection of this computer.`);
  if (status >= 500) return again('place-failed', `AWS Lambda in ${region} failed (HTTP ${status}). Try again later.`);
  return again('place-failed', `The answer of AWS Lambda in ${region} cannot be read (${name}).`);
}

/** Of what the function itself reports on HTTP 200: its X-Amz-Function-Error and the JSON that comes with it. */
export function explainFunctionError(payload: unknown): CallFailure {
  const { errorType = '', errorMessage = '' } = (typeof payload === 'object' && payload !== null ? payload : {}) as { errorType?: unknown; errorMessage?: unknown };
  const [type, text] = [String(errorType), String(errorMessage)];
  if (type === 'Sandbox.Timedout' || text.includes('Task timed out')) return smaller('timeout', "The function took longer than its time limit. Give it more time or more memory.");
  if (type === 'Runtime.ExitError') return smaller('worker-crashed', 'The function ended while it worked, perhaps for want of memory. Give it more memory.');
  if (type === 'Function.ResponseSizeTooLarge') return smaller('too-large', 'The answer was larger than AWS Lambda lets through.');
  if (/^Runtime\.|ImportModuleError|HandlerNotFound/.test(type) || type === 'Extension.Crash') return { error: coded('place-failed', `The function cannot be started (${type.slice(0, 60)}). Deploy it again.`), remedy: 'stop' };
  return smaller('place-failed', `The function failed (${type.slice(0, 60) || 'without a reason'}).`);
}

function readThrown(thrown: unknown): { name: string; text: string; errno: string | null; status: number } {
  if (!(thrown instanceof Error)) return { name: 'unknown', text: String(thrown), errno: null, status: 0 };
  const { code, $metadata } = thrown as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  const cause = thrown.cause instanceof Error ? (thrown.cause as { code?: unknown }).code : undefined;
  const errno = [code, cause].find((one): one is string => typeof one === 'string' && /^E[A-Z_]+$/.test(one)) ?? null;
  return { name: thrown.name, text: thrown.message, errno, status: $metadata?.httpStatusCode ?? 0 };
}
