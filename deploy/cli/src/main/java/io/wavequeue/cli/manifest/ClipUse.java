package io.wavequeue.cli.manifest;

import java.util.ArrayList;
import java.util.List;

/** A local source clip as lines name it, and which lines do. */
public final class ClipUse {

    private final String file;
    private final String name;
    private final List<Use> uses = new ArrayList<>();

    private record Use(long line, String field) {}

    ClipUse(String file, String name) {
        this.file = file;
        this.name = name;
    }

    void add(long line, String field) {
        uses.add(new Use(line, field));
    }

    /** The clip's path as the manifest names it. */
    public String name() {
        return name;
    }

    /** Its path is wrong on every line that names it. */
    public void refuse(Faults faults, String reason) {
        uses.forEach(use -> faults.add(new Fault(file, use.line(), use.field(), "\"" + name + "\" " + reason)));
    }
}
