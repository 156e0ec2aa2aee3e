package io.wavequeue.worker.provider;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * The client process of {@code ./wavequeue bench clients}: one way of polling, under two loads. A JSON line for each on stdout.
 *
 * <ul>
 *   <li>{@code closed}: 64 looks at completed predictions under way at any time, as fast as they are answered;
 *   <li>{@code open}: every open prediction, each looked at again so long after it was answered.
 * </ul>
 */
final class PollLoad {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_ONCE = 64;
    private static final int WARM_UP_LOOKS = 30_000;
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final double KIB_PER_MB = 1_000_000 / 1024.0;

    private final PollWay way;
    private final URI url;
    private final Duration run;
    private final PrintStream out;

    private PollLoad(PollWay way, URI url, Duration run, PrintStream out) {
        this.way = way;
        this.url = url;
        this.run = run;
        this.out = out;
    }

    /** Way, URL, seconds of a measurement, file of completed ids, file of open ids, seconds between looks. */
    public static void main(String[] words) throws IOException, InterruptedException {
        PollLoad load = new PollLoad(
                PollWay.valueOf(words[0].toUpperCase(Locale.ROOT).replace('-', '_')),
                URI.create(words[1]),
                Duration.ofSeconds(Long.parseLong(words[2])),
                System.out);
        load.closed(Files.readAllLines(Path.of(words[3])));
        load.open(Files.readAllLines(Path.of(words[4])), Duration.ofSeconds(Long.parseLong(words[5])));
        System.exit(0);
    }

    private void closed(List<String> ids) throws IOException, InterruptedException {
        LongAdder looks = new LongAdder();
        AtomicBoolean goOn = new AtomicBoolean(true);
        AtomicInteger next = new AtomicInteger();
        Supplier<String> turns = () -> ids.get(Math.floorMod(next.getAndIncrement(), ids.size()));
        PollWay.Pollers pollers = way.pollers(url, looks::increment);
        for (int i = 0; i < AT_ONCE; i++) {
            pollers.start(turns, Duration.ZERO, Duration.ZERO, goOn::get);
        }
        while (looks.sum() < WARM_UP_LOOKS) {
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
        measure("closed", looks);
        goOn.set(false);
    }

    private void open(List<String> ids, Duration every) throws IOException, InterruptedException {
        LongAdder looks = new LongAdder();
        PollWay.Pollers pollers = way.pollers(url, looks::increment);
        long step = every.toNanos() / ids.size();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            pollers.start(() -> id, Duration.ofNanos(i * step), every, () -> true);
        }
        TimeUnit.NANOSECONDS.sleep(every.multipliedBy(2).toNanos());
        measure("open", looks);
    }

    private void measure(String load, LongAdder looks) throws IOException, InterruptedException {
        Use before = Use.now(looks);
        TimeUnit.NANOSECONDS.sleep(run.toNanos());
        Use used = Use.now(looks).less(before);
        Map<String, Double> line = new LinkedHashMap<>();
        line.put("looks_per_s", used.looks() / (used.nanos() / 1e9));
        line.put("cpu_s_per_1000", used.cpuNanos() / 1e6 / used.looks());
        line.put("allocated_bytes_per_look", (double) used.allocated() / used.looks());
        line.put("rss_mb", residentMb());
        line.put("live_heap_mb", liveMb());
        out.println(JSON.writeValueAsString(Map.of(load, line)));
        out.flush();
    }

    private static double liveMb() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
    }

    private static double residentMb() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / KIB_PER_MB)
                .sum();
    }

    private record Use(long nanos, long looks, long cpuNanos, long allocated) {
        static Use now(LongAdder looks) {
            OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
            return new Use(
                    System.nanoTime(), looks.sum(), system.getProcessCpuTime(), threads.getTotalThreadAllocatedBytes());
        }

        Use less(Use other) {
            return new Use(
                    nanos - other.nanos, looks - other.looks, cpuNanos - other.cpuNanos, allocated - other.allocated);
        }
    }
}
