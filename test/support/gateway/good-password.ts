/** A password that every preset except `nist` accepts. */
export const goodPassword = 'Wander 7 lanterns';
