package io.wavequeue.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wavequeue.local.Ports;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.SimulatorConfig;
import io.wavequeue.test.DatabaseLink;
import io.wavequeue.test.Servers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The whole system under fire: jobs come in portions, and with each portion something is killed, stopped or cut, while
 * the provider misbehaves. Then everything is made whole, the jobs end, and the provider's ledger judges.
 */
final class ChaosRun implements AutoCloseable {
    private static final int AT_ONCE = 8;
    private static final Duration BETWEEN_BLOWS = Duration.ofSeconds(3);
    private static final int REPEATED_EVERY = 20;
    private static final int CLIP_BYTES = 8_000;
    private static final int WAV_HEAD = 44;

    private final ChaosPlan plan;
    private final Path folder;
    private final Random random;
    private final String databaseUrl = Servers.postgres().newDatabase();
    private final DatabaseLink link = DatabaseLink.to(databaseUrl);
    private final Simulator provider;
    private final RunningStack stack;
    private final Blows blows;
    private final Queue<String> ids = new ConcurrentLinkedQueue<>();
    private final long began = System.nanoTime();

    ChaosRun(ChaosPlan plan, Path folder) {
        this.plan = plan;
        this.folder = folder;
        this.random = new Random(plan.seed());
        this.provider = Simulator.start(SimulatorConfig.defaults()
                .withPort(Ports.free()) // not one that an outgoing connection takes while it is out
                .withSeed(plan.seed())
                .withLatency("lognormal:800:0.5")
                .with("refund_delay", "1s"));
        this.stack = RunningStack.up(folder, plan.workers(), environment());
        this.blows = new Blows(stack, databaseUrl, link, provider, random, plan.workers());
    }

    private Map<String, String> environment() {
        Map<String, String> environment = RunningStack.quickTimes();
        environment.put("DATABASE_URL", link.url());
        environment.put("WAVESPEED_BASE_URL", provider.baseUrl());
        // Two cores carry all programs and the provider: what is late for that reason must not look like a lie of it.
        environment.put("WAVEQUEUE_WORKER_SUBMIT_TIMEOUT", "4S");
        environment.put("WAVEQUEUE_UNCERTAIN_HISTORY_LAG", "4S");
        environment.put("WAVEQUEUE_WORKER_POLL_TIMEOUT", "3S");
        environment.put("WAVEQUEUE_WORKER_BREAKER_PROBE_FIRST", "0.2S");
        environment.put("WAVEQUEUE_WORKER_BREAKER_PROBE_LONGEST", "1S");
        // A 429 by chance means no limit: the pace must fall, but not so far that it decides how long the run takes.
        environment.put("WAVEQUEUE_SUBMITS_PER_MINUTE", "100000");
        environment.put("WAVEQUEUE_BILL_EVERY", "1S");
        environment.put("WAVEQUEUE_BILL_ASK_AGAIN", "0.2S");
        return environment;
    }

    /** Everything up to the verdict. */
    ChaosVerdict run() throws InterruptedException {
        String clip = stack.upload(clip());
        ProviderFaults.order(provider, plan.rate());
        try (ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Blow> all = Blows.drawn(plan.blows(), random);
            for (int i = 0; i < all.size(); i++) {
                int first = plan.jobs() * i / all.size();
                int end = plan.jobs() * (i + 1) / all.size();
                long before = provider.totals().accepted();
                for (int job = first; job < end; job++) {
                    int number = job;
                    callers.execute(
                            () -> ids.add(stack.enqueueSurely("chaos-" + number, body(number, clip), plan.within())));
                }
                RunningStack.within(BETWEEN_BLOWS, () -> provider.totals().accepted() - before >= (end - first) / 2);
                blows.strike(all.get(i));
            }
            blows.awaitWoken();
        }
        Map<String, Long> faults = ProviderFaults.struck(provider);
        provider.clearFaults();
        return new ChaosVerdict(plan, new Rows(databaseUrl), provider, stack, List.copyOf(ids), faults, blows.struck());
    }

    double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    Path logs() {
        return folder.resolve("logs");
    }

    /** All five models; one in twenty asks for the same as an earlier one, so that two lost submits may be alike. */
    private static String body(int number, String clip) {
        String cue = "cue " + (number % REPEATED_EVERY == REPEATED_EVERY - 1 ? number - 5 : number);
        return switch (number % 5) {
            case 0 -> job("stability-ai/stable-audio-3/music", "\"prompt\":\"%s\",\"duration\":1".formatted(cue));
            case 1 ->
                job(
                        "stability-ai/stable-audio-3/audio-outpainting",
                        "\"prompt\":\"%s\",\"audio\":\"%s\",\"extend_seconds_after\":1".formatted(cue, clip));
            case 2 ->
                job(
                        "stability-ai/stable-audio-3/audio-inpainting",
                        "\"prompt\":\"%s\",\"audio\":\"%s\",\"mask_end_seconds\":1".formatted(cue, clip));
            case 3 ->
                job(
                        "stability-ai/stable-audio-3/audio-to-audio",
                        "\"prompt\":\"%s\",\"audio\":\"%s\",\"duration\":1".formatted(cue, clip));
            default ->
                job(
                        "wavespeed-ai/ace-step/audio-outpaint",
                        "\"tags\":\"%s\",\"audio\":\"%s\",\"extend_after_duration\":1".formatted(cue, clip));
        };
    }

    private static String job(String model, String input) {
        return "{\"model\":\"%s\",\"input\":{%s}}".formatted(model, input);
    }

    /** A second of silence: WAV, 8 kHz, 8 bits, mono. */
    private static byte[] clip() {
        ByteBuffer wav = ByteBuffer.allocate(WAV_HEAD + CLIP_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(US_ASCII)).putInt(WAV_HEAD - 8 + CLIP_BYTES);
        wav.put("WAVEfmt ".getBytes(US_ASCII)).putInt(16);
        wav.putShort((short) 1).putShort((short) 1).putInt(CLIP_BYTES).putInt(CLIP_BYTES);
        wav.putShort((short) 1).putShort((short) 8);
        wav.put("data".getBytes(US_ASCII)).putInt(CLIP_BYTES);
        Arrays.fill(wav.array(), WAV_HEAD, wav.capacity(), (byte) 128);
        return wav.array();
    }

    @Override
    public void close() {
        stack.close();
        provider.close();
        link.close();
    }
}
