package io.wavequeue.cli.demo;

import io.wavequeue.cli.client.Job;

/** A job's state in the words that the progress shows. */
final class CueState {

    private CueState() {}

    /** A few words; they change when something happened that is worth a line. */
    static String of(Job job) {
        String hold = job.text("hold_reason");
        return switch (job.status()) {
            case "held" -> "held: " + (hold == null ? "no reason given" : hold) + because(job);
            case "uncertain" -> "uncertain: the submit's answer was lost, looking for evidence" + because(job);
            case "failed" -> "failed" + because(job);
            case "succeeded" -> job.done() ? "succeeded" : "succeeded, archiving";
            default -> job.status();
        };
    }

    /** What a person can do about a job that is held. */
    static String remedy(String holdReason) {
        return switch (holdReason) {
            case "paused" -> "the account is paused: POST /v1/account/resume";
            case "budget" -> "the daily budget is used up: raise it with PATCH /v1/account, or wait until tomorrow";
            case "out_of_credits" -> "the provider's account has no credit: top it up, then POST /v1/account/resume";
            case "unauthorized" -> "the provider refuses the key: check WAVESPEED_API_KEY";
            case "uncertain_submission" -> "decide with POST /v1/jobs/{id}/resolve: adopt, resubmit or abandon";
            default -> "look at it with `wavequeue status JOB_ID`";
        };
    }

    private static String because(Job job) {
        Job.Problem error = job.error();
        return error == null ? "" : " (" + error + ")";
    }
}
