package io.wavequeue.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;

/** Where it was measured. */
record Machine(int cores, double loadAverage, String os, String java) {

    static Machine now() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.version"));
    }

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("cores", cores)
                .put("load_average", Math.round(loadAverage * 100) / 100.0)
                .put("os", os)
                .put("java", java);
    }
}
