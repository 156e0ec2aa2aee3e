package io.wavequeue.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.bench.JobRows.Clip;
import io.wavequeue.bench.JobRows.Span;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A backlog that falls due at one moment, until all of it has ended. */
record EndToEnd(Latency latency, boolean events, boolean archive, boolean baselines, int clips, int workers)
        implements Scenario {
    @Override
    public String name() {
        return "end-to-end";
    }

    @Override
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Scenario.limits(UNBOUND, UNBOUND));
        environment.put("WAVEQUEUE_EVENTS_ENABLED", Boolean.toString(events));
        environment.put("WAVEQUEUE_ARCHIVE_ENABLED", Boolean.toString(archive));
        return environment;
    }

    @Override
    public void describe(ObjectNode line) {
        line.put("latency", latency.text())
                .put("events", events ? "on" : "off")
                .put("archive", archive ? "on" : "off")
                .put("clips", clips);
    }

    /** As much as a run: until the JIT compilers are through, rates more than double. */
    @Override
    public void warmUp(Lab lab) throws IOException, SQLException, InterruptedException {
        lab.provider().configure(latency);
        lab.jobs().addBacklog("warm-up", clips);
        awaitEnd(lab, System.nanoTime(), new Measurements());
        if (baselines) {
            new Baselines(lab, clips).run("warm-up", new Measurements());
        }
    }

    @Override
    public void run(Lab lab, int number, Measurements into) throws IOException, SQLException, InterruptedException {
        lab.provider().reset();
        Span span = lab.jobs().addBacklog("run " + number, clips);
        long start = System.nanoTime();
        lab.wakeDispatch();
        ProcessUse before = ProcessUse.now(lab.stack());
        double seconds = awaitEnd(lab, start, into);
        ProcessUse after = ProcessUse.now(lab.stack());
        lab.jobs().requireSucceeded(span, clips);
        lab.provider().requireAccepted(clips);

        double rate = clips / seconds;
        lab.say("  %.0f clips/s".formatted(rate));
        into.add("clips_per_s", rate);
        after.cpuSecondsSince(before)
                .forEach((program, cpu) -> into.add("cpu_s_per_1000." + program, cpu * 1000 / clips));
        into.addAll("rss_mb", after.residentMb());
        List<Clip> rows = lab.jobs().clips(span);
        into.add("polls_per_clip", rows.stream().mapToInt(Clip::polls).average().orElseThrow());
        if (baselines) {
            double peer = new Baselines(lab, clips).run("run " + number, into);
            into.add("ratio_to_db_scheduler", rate / peer);
        }
    }

    /** How many seconds the whole took. */
    private double awaitEnd(Lab lab, long start, Measurements into)
            throws IOException, SQLException, InterruptedException {
        lab.jobs().awaitEnded();
        into.add("seconds.ended", Waiting.secondsSince(start));
        if (archive) {
            lab.jobs().awaitArchived();
            into.add("seconds.archived", Waiting.secondsSince(start));
        }
        if (events) {
            lab.jobs().awaitPublished();
            into.add("seconds.published", Waiting.secondsSince(start));
        }
        return Waiting.secondsSince(start);
    }
}
