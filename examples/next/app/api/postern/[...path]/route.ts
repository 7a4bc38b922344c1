import { postern } from '../../../../postern';

export const { POST } = postern.handlers;
