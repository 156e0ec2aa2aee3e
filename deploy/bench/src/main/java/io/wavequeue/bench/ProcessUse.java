package io.wavequeue.bench;

import io.wavequeue.bench.RunningStack.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * CPU seconds and memory of the stack's processes, from Linux's {@code /proc}. Workers count together. PostgreSQL is the
 * postmaster with its children; what ended ones used is in the postmaster's account of them.
 */
final class ProcessUse {
    private static final double TICKS_PER_SECOND = 100;
    private static final String MEMORY = "smaps_rollup";
    private static final double KIB_PER_MB = 1_000_000 / 1024.0;

    private final List<Part> parts;
    private final Map<String, Double> cpuSeconds;

    private ProcessUse(List<Part> parts, Map<String, Double> cpuSeconds) {
        this.parts = parts;
        this.cpuSeconds = cpuSeconds;
    }

    static ProcessUse now(RunningStack stack) throws IOException {
        List<Part> parts = stack.parts();
        Map<String, Double> cpu = new TreeMap<>();
        for (Part part : parts) {
            long ticks = Stat.of(part.pid()).withEndedChildren();
            for (long child : children(part.pid())) {
                ticks += Stat.of(child).own();
            }
            cpu.merge(group(part), ticks / TICKS_PER_SECOND, Double::sum);
        }
        return new ProcessUse(parts, cpu);
    }

    /**
     * CPU seconds of each program since then.
     *
     * @throws BenchFailedException when a process was replaced meanwhile
     */
    Map<String, Double> cpuSecondsSince(ProcessUse earlier) {
        if (!parts.equals(earlier.parts)) {
            throw new BenchFailedException(
                    "a process was started anew during the run: " + earlier.parts + ", then " + parts);
        }
        Map<String, Double> used = new TreeMap<>();
        cpuSeconds.forEach((name, seconds) -> used.put(name, seconds - earlier.cpuSeconds.getOrDefault(name, 0.0)));
        return used;
    }

    /** Resident megabytes; PostgreSQL's shared pages count once, by each process's share of them. */
    Map<String, Double> residentMb() throws IOException {
        Map<String, Double> resident = new TreeMap<>();
        for (Part part : parts) {
            List<Long> children = children(part.pid());
            double kib = kib(part.pid(), MEMORY, children.isEmpty() ? "Rss:" : "Pss:");
            for (long child : children) {
                kib += kib(child, MEMORY, "Pss:");
            }
            resident.merge(group(part), kib / KIB_PER_MB, Double::sum);
        }
        return resident;
    }

    /** Most resident megabytes of a process since it was started. */
    double peakMb(String name) throws IOException {
        double kib = 0;
        for (Part part : parts) {
            if (part.name().equals(name)) {
                kib = kib(part.pid(), "status", "VmHWM:");
            }
        }
        return kib / KIB_PER_MB;
    }

    private static String group(Part part) {
        return part.name().startsWith("worker-") ? "worker" : part.name();
    }

    private static List<Long> children(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .toList();
    }

    private static double kib(long pid, String file, String field) throws IOException {
        return read(pid, file)
                .lines()
                .filter(line -> line.startsWith(field))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                .sum();
    }

    /** Empty when the process has ended. */
    private static String read(long pid, String file) throws IOException {
        Path path = Path.of("/proc", Long.toString(pid), file);
        if (!Files.exists(Path.of("/proc/self", file))) {
            throw new BenchFailedException("the bench needs Linux: there is no /proc/self/" + file);
        }
        try {
            return Files.readString(path);
        } catch (IOException ended) {
            if (ProcessHandle.of(pid).isPresent()) {
                throw ended;
            }
            return "";
        }
    }

    /** In clock ticks: user and system time of a process, and of its children that have ended and been waited for. */
    record Stat(long own, long endedChildren) {
        private static final int USER = 11;

        static Stat of(long pid) throws IOException {
            String text = read(pid, "stat");
            return text.isEmpty() ? new Stat(0, 0) : parse(text);
        }

        /** The name of a program, in parentheses, may hold blanks: fields are counted from behind it. */
        static Stat parse(String text) {
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            return new Stat(
                    Long.parseLong(fields[USER]) + Long.parseLong(fields[USER + 1]),
                    Long.parseLong(fields[USER + 2]) + Long.parseLong(fields[USER + 3]));
        }

        long withEndedChildren() {
            return own + endedChildren;
        }
    }
}
