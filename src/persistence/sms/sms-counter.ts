/** How many messages a budget has admitted in a window of time; and pauses, whose windows end with them. */
import { defineEntity, p } from '@mikro-orm/core';

const SmsCounterSchema = defineEntity({
  name: 'SmsCounter',
  tableName: 'sms_counters',
  properties: {
    /** `total`, `prefix:` or `pause:` with a prefix. */
    key: p.string().length(16).primary(),
    windowEndsAt: p.datetime().primary(),
    count: p.integer(),
  },
});

export class SmsCounter extends SmsCounterSchema.class {}
SmsCounterSchema.setClass(SmsCounter);
