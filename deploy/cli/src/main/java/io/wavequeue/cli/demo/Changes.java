package io.wavequeue.cli.demo;

import io.wavequeue.cli.client.Job;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Remembers what was said of each job, and says only what is new. */
final class Changes {

    private final Map<String, Cue> cues;
    private final Map<String, String> said = new HashMap<>();

    /** @param cues the cue of each job id */
    Changes(Map<String, Cue> cues) {
        this.cues = cues;
    }

    /** The jobs whose state reads differently from last time, oldest job first. */
    List<Job> of(List<Job> newestFirst) {
        List<Job> changed = new ArrayList<>();
        for (Job job : newestFirst.reversed()) {
            String state = state(job);
            if (!state.equals(said.put(job.id(), state))) {
                changed.add(job);
            }
        }
        return changed;
    }

    /** The job's name and state, side by side. */
    String line(Job job) {
        return String.format("%-24s %s", name(job), state(job));
    }

    private String state(Job job) {
        Cue cue = cues.get(job.id());
        boolean planned = cue != null && cue.expect() instanceof Expectation.Fails fails && fails.metBy(job);
        return (planned ? "on purpose: " : "") + CueState.of(job);
    }

    static String name(Job job) {
        String reference = job.text("reference");
        return reference == null ? job.id() : reference;
    }
}
