package io.wavequeue.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.client.ApiRefusedException;
import io.wavequeue.cli.client.HttpJson;
import io.wavequeue.cli.client.Job;
import io.wavequeue.cli.client.Pace;
import io.wavequeue.cli.client.WavequeueApi;
import io.wavequeue.cli.screen.Printable;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a small game-audio manifest through a Wavequeue that is up: uploads the source clips, enqueues each cue, follows
 * all to their end, shows what was made, and checks it.
 */
public final class Demo {

    private static final int RUN_ID_LENGTH = 8;

    private final WavequeueApi api;
    private final @Nullable HttpJson simulator;
    private final DemoSetting setting;
    private final OutputFiles files;
    private final Patience patience;

    /**
     * @param simulator the provider's simulator, for its ledger; null when another provider is used
     * @param dataFolder the data folder of the installation, in which {@code outputs} lies
     * @param workingFolder the folder that paths are shown from
     */
    public Demo(
            WavequeueApi api, @Nullable HttpJson simulator, DemoSetting setting, Path dataFolder, Path workingFolder) {
        this(api, simulator, setting, new OutputFiles(dataFolder, workingFolder), Patience.USUAL);
    }

    Demo(WavequeueApi api, @Nullable HttpJson simulator, DemoSetting setting, OutputFiles files, Patience patience) {
        this.api = api;
        this.simulator = simulator;
        this.setting = setting;
        this.files = files;
        this.patience = patience;
    }

    /** Runs it; true when every cue ended as the manifest says and every check is good. */
    public boolean run() throws InterruptedException {
        return run(Manifest.demo());
    }

    boolean run(List<Cue> cues) throws InterruptedException {
        Pace pace = setting.pace();
        Instant start = pace.instant();
        String runId = setting.ids().get().toString().substring(0, RUN_ID_LENGTH);
        say("demo " + runId + ": " + cues.size() + " cues over "
                + cues.stream().map(Cue::model).distinct().count() + " models, to " + api.address());
        Map<String, Cue> byJob = enqueue(cues, runId, upload(cues));
        Follower.Result result;
        try (Progress progress = progress(byJob)) {
            result = new Follower(api, pace, patience).follow(runId, cues.size(), progress);
        }
        List<Outcome> outcomes = outcomes(byJob, result.jobs());
        say("");
        Report report = new Report(files);
        report.table(outcomes).forEach(this::say);
        report.totals(outcomes, pace.since(start)).forEach(this::say);
        return verdict(result, outcomes, cues.size(), start);
    }

    private Map<SourceClip, String> upload(List<Cue> cues) throws InterruptedException {
        Map<SourceClip, String> media = new EnumMap<>(SourceClip.class);
        for (SourceClip clip :
                cues.stream().flatMap(c -> c.clip().stream()).distinct().toList()) {
            byte[] wav = clip.wav();
            media.put(clip, api.uploadWav(clip.filename(), wav));
            say("uploaded " + clip.filename() + ", " + wav.length / 1000 + " kB, made just now");
        }
        return media;
    }

    private Map<String, Cue> enqueue(List<Cue> cues, String runId, Map<SourceClip, String> media)
            throws InterruptedException {
        Map<String, Cue> byJob = new HashMap<>();
        for (Cue cue : cues) {
            Job job = submit(cue, cue.request(runId, media));
            byJob.put(job.id(), cue);
        }
        say("enqueued " + cues.size() + " jobs; see them with GET /v1/jobs?label=demo:" + runId);
        for (Cue cue : cues) {
            if (cue.expect() instanceof Expectation.Fails(String errorClass)) {
                say(cue.reference() + " is meant to fail, with " + errorClass);
            }
        }
        return byJob;
    }

    private Job submit(Cue cue, ObjectNode request) throws InterruptedException {
        try {
            return api.submit(request, setting.ids().get());
        } catch (ApiRefusedException e) {
            say(cue.reference() + " was refused; the cues before it are enqueued and go on");
            throw e;
        }
    }

    private Progress progress(Map<String, Cue> byJob) {
        Changes changes = new Changes(byJob);
        return setting.terminal().live()
                ? new BarProgress(setting.out(), setting.terminal(), byJob.size(), changes)
                : new PlainProgress(setting.out(), setting.pace(), changes);
    }

    /** In the manifest's order, which is the order of enqueuing and the reverse of the list's. */
    private static List<Outcome> outcomes(Map<String, Cue> byJob, List<Job> newestFirst) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Job job : newestFirst.reversed()) {
            Cue cue = byJob.get(job.id());
            if (cue != null) {
                outcomes.add(new Outcome(cue, job));
            }
        }
        return outcomes;
    }

    private boolean verdict(Follower.Result result, List<Outcome> outcomes, int cues, Instant start)
            throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        findings.add(expectations(outcomes, cues));
        findings.add(new FileCheck(files).check(outcomes));
        if (simulator != null) {
            findings.add(new LedgerCheck(simulator).check(outcomes, start));
        }
        findings.forEach(finding -> Report.finding(finding).forEach(this::say));
        if (result instanceof Follower.Result.GaveUp(var _, String why)) {
            say("gave up: " + why);
            return false;
        }
        return findings.stream().allMatch(Finding.Good.class::isInstance);
    }

    private static Finding expectations(List<Outcome> outcomes, int cues) {
        List<String> faults = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (!outcome.asExpected()) {
                faults.add(outcome.cue().reference() + " is " + outcome.statusText());
            }
        }
        if (outcomes.size() != cues) {
            faults.add("the API lists " + outcomes.size() + " of " + cues + " jobs");
        }
        String text = "every cue ended as the manifest expects";
        return faults.isEmpty() ? new Finding.Good(text) : new Finding.Bad("not " + text, faults);
    }

    private void say(String line) {
        PrintStream out = setting.out();
        out.println(Printable.line(line));
    }
}
