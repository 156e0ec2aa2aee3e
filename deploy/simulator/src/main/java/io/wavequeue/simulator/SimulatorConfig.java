package io.wavequeue.simulator;

import io.wavequeue.simulator.account.Setting;
import io.wavequeue.simulator.account.Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a simulator is started. The defaults are those of a test: a free port on loopback, in memory, instant, unlimited.
 *
 * @param port 0 for any free one
 * @param seed of latencies and of faults with a rate
 * @param data folder of journal and uploads; null keeps all in memory
 * @param settings what {@code PATCH /admin/config} can change
 */
public record SimulatorConfig(
        String host, int port, long seed, @Nullable Path data, Settings settings) {

    public SimulatorConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, not " + port);
        }
    }

    public static SimulatorConfig defaults() {
        return new SimulatorConfig("127.0.0.1", 0, 1, null, Settings.defaults());
    }

    public SimulatorConfig withHost(String host) {
        return new SimulatorConfig(host, port, seed, data, settings);
    }

    public SimulatorConfig withPort(int port) {
        return new SimulatorConfig(host, port, seed, data, settings);
    }

    public SimulatorConfig withSeed(long seed) {
        return new SimulatorConfig(host, port, seed, data, settings);
    }

    public SimulatorConfig withData(Path data) {
        return new SimulatorConfig(host, port, seed, data, settings);
    }

    /** Sets one of {@link Setting}, such as {@code latency} or {@code submits_per_minute}. */
    public SimulatorConfig with(String setting, String value) {
        return new SimulatorConfig(host, port, seed, data, settings.with(setting, value));
    }

    public SimulatorConfig withLatency(String latency) {
        return with("latency", latency);
    }

    public SimulatorConfig withSubmitsPerMinute(int submits) {
        return with("submits_per_minute", Integer.toString(submits));
    }

    public SimulatorConfig withMaxInFlight(int predictions) {
        return with("max_in_flight", Integer.toString(predictions));
    }
}
