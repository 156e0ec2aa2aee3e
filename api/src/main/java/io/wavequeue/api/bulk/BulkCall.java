package io.wavequeue.api.bulk;

import io.wavequeue.store.BulkChoice;
import io.wavequeue.store.BulkOrder;

/** What a call asks for: what is to be done, to which jobs, and whether only to tell. */
record BulkCall(BulkOrder order, BulkChoice choice, boolean dryRun) {}
