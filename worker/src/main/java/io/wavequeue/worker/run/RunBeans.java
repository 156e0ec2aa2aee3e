package io.wavequeue.worker.run;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The worker's clocks and chance; tests put their own in their place. */
@ApplicationScoped
class RunBeans {
    @Produces
    @Singleton
    @DefaultBean
    Sleeper sleeper() {
        return Thread::sleep;
    }

    @Produces
    @Singleton
    Stopwatch stopwatch(InstantSource clock) {
        return new Stopwatch(clock, System::nanoTime);
    }

    @Produces
    @Singleton
    @DefaultBean
    RandomGenerator random() {
        return new SynchronizedRandom(RandomGeneratorFactory.getDefault().create());
    }

    private record SynchronizedRandom(RandomGenerator random) implements RandomGenerator {
        @Override
        public synchronized long nextLong() {
            return random.nextLong();
        }
    }
}
