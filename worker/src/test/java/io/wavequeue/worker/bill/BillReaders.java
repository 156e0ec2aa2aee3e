package io.wavequeue.worker.bill;

import io.wavequeue.store.BillStore;
import io.wavequeue.store.PriceStopStore;
import io.wavequeue.worker.provider.WaveSpeed;
import io.wavequeue.worker.run.Sleeper;
import jakarta.enterprise.context.ApplicationScoped;

/** Makes readers as other workers have them. */
@ApplicationScoped
public class BillReaders {
    private final WaveSpeed provider;
    private final BillStore store;
    private final PriceStopStore prices;
    private final BillMetrics metrics;
    private final BillConfig config;
    private final Sleeper sleeper;

    BillReaders(
            WaveSpeed provider,
            BillStore store,
            PriceStopStore prices,
            BillMetrics metrics,
            BillConfig config,
            Sleeper sleeper) {
        this.provider = provider;
        this.store = store;
        this.prices = prices;
        this.metrics = metrics;
        this.config = config;
        this.sleeper = sleeper;
    }

    public BillReader another() {
        return new BillReader(provider, store, prices, metrics, config, sleeper);
    }
}
