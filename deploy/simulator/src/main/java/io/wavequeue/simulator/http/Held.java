package io.wavequeue.simulator.http;

import java.util.ArrayList;
import java.util.List;

/** Calls that faults hold back until they are released. */
final class Held {
    private final List<Runnable> calls = new ArrayList<>();

    /** @param rest what is left to do of the call */
    void add(Runnable rest) {
        calls.add(rest);
    }

    /** Lets all go on and says how many; what is held back anew by that stays. */
    int release() {
        List<Runnable> released = List.copyOf(calls);
        calls.clear();
        released.forEach(Runnable::run);
        return released.size();
    }
}
