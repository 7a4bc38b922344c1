/**
 * Stops at five problems: a client corrects those first, and reporting thousands of wrong items would cost the gateway
 * too much.
 */
import type { FieldProblem } from '../../domain/errors.ts';

export const maxProblems = 5;

/** Ends the search. One for all: each error captures a stack trace. */
const enough = new Error('enough problems were found');

export type Report = (problem: FieldProblem) => void;

/** @param find calls `report` for each problem; the fifth call throws to end the search */
export function firstProblems(find: (report: Report) => void): FieldProblem[] {
  const problems: FieldProblem[] = [];
  try {
    find((problem) => {
      problems.push(problem);
      if (problems.length >= maxProblems) throw enough;
    });
  } catch (error) {
    if (error !== enough) throw error;
  }
  return problems;
}
