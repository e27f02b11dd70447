/**
 * The function's entry on AWS Lambda (`handler.handler`, Node's ESM runtime). Nothing of a picture or a request is logged or kept.
 * PARJANYA_MODEL names the tower's file where it is not `model.onnx` in the package.
 */
import { join } from 'node:path';
import { createScore } from './score.ts';

export const handler = createScore(process.env['PARJANYA_MODEL'] ?? join(process.env['LAMBDA_TASK_ROOT'] ?? import.meta.dirname, 'model.onnx'));
