/** Stops at five problems: a client corrects those first, and one for each of thousands of wrong items is work for an attacker. */
import type { FieldProblem } from '../../domain/errors.ts';

export const maxProblems = 5;

export type Report = (problem: FieldProblem) => void;

/** @param find calls `report` for each problem, which throws out of it once there are enough */
export function firstProblems(find: (report: Report) => void): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const enough = new Error('enough problems were found');
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
