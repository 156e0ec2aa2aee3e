package io.wavequeue.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.account.Setting;
import io.wavequeue.store.AccountStore;
import io.wavequeue.test.ServersResource;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A job under each side of what the provider's public pages contradict each other about. */
@QuarkusTest
@QuarkusTestResource(value = ServersResource.class, initArgs = @ResourceArg(name = "kafka", value = "true"))
@QuarkusTestResource(SimulatorResource.class)
class ProviderSidesIT {
    private static final String ACE_STEP = "wavespeed-ai/ace-step/audio-outpaint";
    private static final String EXTENSION =
            "{\"audio\":\"https://media.example.com/a.mp3\",\"tags\":\"calm\",\"extend_after_duration\":5}";

    private final List<Setting<?>> changed = new ArrayList<>();

    @Inject
    Jobs jobs;

    @Inject
    AccountStore accounts;

    Simulator simulator;

    @BeforeEach
    void fresh() {
        jobs.beginAnew(simulator);
    }

    @AfterEach
    void restore() {
        changed.forEach(setting -> simulator.set(setting.name(), setting.standard()));
        accounts.resume();
    }

    @ParameterizedTest
    @CsvSource({
        "submit_status,processing",
        "submit_status,pending",
        "submit_status,queued",
        "submit_status,current",
        "fields,few",
        "result_input,true",
        "poll_url,bare",
        "poll_url,none",
        "nsfw,null",
        "nsfw,absent",
        "time_fraction,millis",
        "time_fraction,nanos",
        "time_fraction,none",
        "id_style,pred",
        "id_style,task",
        "envelope,bare",
        "older_api,true",
        "retry_after,false",
        "limit_counts,all",
        "deleted,status",
        "webhook_https,true"
    })
    void shouldPayOnceAndDeliver(String setting, String side) {
        play(setting, side);

        UUID job = jobs.music("under " + setting + " " + side);

        jobs.await(job, "succeeded");
        jobs.awaitArchived(job);
        assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
        assertThat(simulator.stats().keysLeaked()).isZero();
        BigDecimal ours = (BigDecimal)
                jobs.row("select sum(charged_usd) as usd from attempt").get("usd");
        assertThat(ours).isEqualByComparingTo(simulator.totals().chargedUsd());
    }

    @ParameterizedTest
    @ValueSource(strings = {"402", "1407", "403", "message"})
    void shouldHoldWithoutPayingWhenCreditIsRefused(String form) {
        play("insufficient_balance", form);
        simulator.set("balance", "0");

        UUID job = jobs.music("without credit, told by " + form);

        assertThat(jobs.await(job, "held")).containsEntry("hold_reason", "out_of_credits");
        assertThat(simulator.totals().accepted()).isZero();
        simulator.set("balance", "1000");
        accounts.resume();
        jobs.await(job, "succeeded");
        assertThat(simulator.totals().accepted()).isEqualTo(1);
    }

    @Test
    void shouldFailUnpaidWhenAFieldIsRequiredAfterAll() {
        play("ace_step_before", "required");

        UUID job = jobs.enqueue(ACE_STEP, EXTENSION, new BigDecimal("0.001000"));

        jobs.await(job, "failed");
        assertThat(jobs.row("select error_class from job where id = ?", job))
                .containsEntry("error_class", "invalid_input");
        assertThat(simulator.totals().accepted()).isZero();
    }

    @Test
    void shouldWaitForItsTurnWhenPlacesAreRefusedInsteadOfQueued() {
        play("max_in_flight", "1");
        play("over_in_flight", "429");
        play("latency", "fixed:20");

        jobs.musicInBulk(3);

        jobs.await(3, "succeeded");
        assertThat(simulator.totals().accepted()).isEqualTo(3);
    }

    private void play(String name, String side) {
        Setting<?> setting = Setting.find(name);
        assertThat(setting).as(name).isNotNull();
        changed.add(setting);
        simulator.set(name, side);
    }
}
