package io.wavequeue.wiring;

import io.quarkus.arc.DefaultBean;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.catalogue.PriceBasis;
import io.wavequeue.fetch.HostResolver;
import io.wavequeue.job.JobIds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes the plain objects that both programs share. Tests put their own clock in the place of the default. */
@ApplicationScoped
public class Beans {
    @Produces
    @Singleton
    @DefaultBean
    InstantSource clock() {
        return InstantSource.system();
    }

    /** The JVM's, which keeps an answer for 30 s. */
    @Produces
    @Singleton
    @DefaultBean
    HostResolver hostResolver() {
        return host -> List.of(InetAddress.getAllByName(host));
    }

    @Produces
    @Singleton
    JobIds jobIds(InstantSource clock) {
        return new JobIds(clock, new SecureRandom());
    }

    @Produces
    @Singleton
    Catalogue catalogue(WavequeueConfig config) {
        @Nullable Path folder = config.catalogueDir().orElse(null);
        @Nullable
        PriceBasis pinned = config.priceBasis()
                .map(basis -> PriceBasis.valueOf(basis.toUpperCase(Locale.ROOT)))
                .orElse(null);
        return Catalogue.load(folder, pinned);
    }
}
