package io.wavequeue.cli.demo;

import io.wavequeue.cli.client.Job;

/** A cue and what became of it. */
record Outcome(Cue cue, Job job) {

    /** True when it ended as the manifest says it ought to. */
    boolean asExpected() {
        return cue.expect().metBy(job);
    }

    /** The state for the table; a failure that was planned says so, so that nobody is alarmed. */
    String statusText() {
        String status = job.done() ? job.status() : CueState.of(job);
        return switch (cue.expect()) {
            case Expectation.Succeeds _ -> status;
            case Expectation.Fails _ when asExpected() -> "failed (expected)";
            case Expectation.Fails(String errorClass) -> status + " (expected: " + errorClass + ")";
        };
    }
}
