package io.wavequeue.worker.retention;

import io.wavequeue.store.RetentionStore.Keeping;

/** Checks the settings, each and together; a wrong one ends the worker's start. */
final class KeepRules {
    /** The provider forgets predictions after 7 days; until then anything of one may still be looked up, billed or asked for. */
    private static final Keep PROVIDERS = Keep.ofDays(8);

    private static final Keep BILL = Keep.ofDays(400);

    private KeepRules() {}

    static Keeping of(KeepConfig config) {
        Keep jobs = read("JOBS", config.jobs());
        Keep files = config.files().map(text -> read("FILES", text)).orElse(jobs);
        Keep media = read("MEDIA", config.media());
        Keep plans = read("PLANS", config.plans());
        Keep bill = config.bill().map(text -> read("BILL", text)).orElseGet(() -> BILL.orLonger(jobs));
        require(
                "JOBS",
                jobs,
                PROVIDERS,
                "the provider keeps predictions for 7 days, and until then a job's rows are evidence");
        require("MEDIA", media, PROVIDERS, "the provider's history names clips for 7 days");
        require("FILES", files, jobs, "WAVEQUEUE_KEEP_JOBS: a row that says that its file is archived has it");
        require("BILL", bill, jobs, "WAVEQUEUE_KEEP_JOBS: a job's lines of the bill are not to be removed before it");
        return new Keeping(jobs.duration(), files.duration(), media.duration(), plans.duration(), bill.duration());
    }

    private static Keep read(String name, String text) {
        try {
            return Keep.of(text.strip());
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("WAVEQUEUE_KEEP_%s is %s".formatted(name, wrong.getMessage()), wrong);
        }
    }

    private static void require(String name, Keep value, Keep least, String reason) {
        if (value.isShorterThan(least)) {
            throw new IllegalArgumentException(
                    "WAVEQUEUE_KEEP_%s is %s; it is at least %s (%s)".formatted(name, value, least, reason));
        }
    }
}
