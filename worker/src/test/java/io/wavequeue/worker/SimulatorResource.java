package io.wavequeue.worker;

import static java.util.Map.entry;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.wavequeue.local.Ports;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.SimulatorConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A simulator for the tests of a worker, put into their field of type {@link Simulator}. */
public final class SimulatorResource implements QuarkusTestResourceLifecycleManager {
    private @Nullable Simulator simulator;

    @Override
    public Map<String, String> start() {
        // A port of the tests' own range: while the simulator is out, no outgoing connection may take it.
        Simulator started = Simulator.start(
                SimulatorConfig.defaults().withPort(Ports.free()).withLatency("fixed:20"));
        simulator = started;
        try {
            return Map.ofEntries(
                    entry("wavespeed.base-url", started.baseUrl()),
                    entry(
                            "wavequeue.data-dir",
                            Files.createTempDirectory("wavequeue-worker").toString()),
                    entry("wavequeue.dispatch.send-again", "3S"),
                    entry("wavequeue.worker.retry-first", "0.02S"),
                    entry("wavequeue.uncertain.enabled", "false"),
                    entry("wavequeue.uncertain.every", "0.001S"),
                    entry("wavequeue.uncertain.history-lag", "1S"),
                    // Tests of the bill read it step by step; the others do without.
                    entry("wavequeue.bill.enabled", "false"),
                    entry("wavequeue.lookout.enabled", "false"),
                    entry("wavequeue.output.check", "false"),
                    entry("wavequeue.output.sidecars", "false"),
                    entry("wavequeue.output.names", "false"),
                    entry("wavequeue.bill.ask-again", "0.01S"),
                    entry("quarkus.http.test-port", "0"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(simulator, new TestInjector.MatchesType(Simulator.class));
    }

    @Override
    public void stop() {
        if (simulator != null) {
            simulator.close();
        }
    }
}
