package io.wavequeue.api.http;

import io.quarkus.runtime.StartupEvent;
import io.wavequeue.wiring.AccountSeed;
import io.wavequeue.wiring.Machines;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Refuses to serve outputs that workers write where this machine cannot see them. */
@ApplicationScoped
class MachineCheck {
    void onStart(@Observes @Priority(AccountSeed.FIRST) StartupEvent start, Machines machines) {
        machines.check();
    }
}
