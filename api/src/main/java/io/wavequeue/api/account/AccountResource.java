package io.wavequeue.api.account;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.wavequeue.api.http.JsonBody;
import io.wavequeue.api.http.Problem;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.dispatch.Dispatcher;
import io.wavequeue.job.Account;
import io.wavequeue.job.HoldReason;
import io.wavequeue.store.AccountStore;
import io.wavequeue.store.BreakerStore;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.math.BigDecimal;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** Limits, budget and the switch. */
@Path("/v1/account")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "account")
public class AccountResource {
    private static final Logger LOG = Logger.getLogger(AccountResource.class);
    private static final String PAUSED = "paused by a person; POST /v1/account/resume lets submitting go on";

    private final AccountStore accounts;
    private final BreakerStore breakers;
    private final Dispatcher dispatcher;

    AccountResource(AccountStore accounts, BreakerStore breakers, Dispatcher dispatcher) {
        this.accounts = accounts;
        this.breakers = breakers;
        this.dispatcher = dispatcher;
    }

    /** The body of {@code PATCH}, for the API's description. */
    @Schema(name = "AccountPatch")
    record Patch(
            @Schema(enumeration = {"bronze", "silver", "gold", "ultra"})
            String tier,

            @Schema(minimum = "1") Integer submitsPerMinute,
            @Schema(minimum = "1") Integer maxInFlight,

            @Schema(description = "null = no budget", minimum = "0", nullable = true)
            BigDecimal dailyBudgetUsd) {}

    @GET
    @Operation(operationId = "getAccount", summary = "Tier, limits, use, budget and balance")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            schema = @Schema(implementation = AccountView.class),
                            examples = @ExampleObject(name = "at work", value = """
                                                    {"tier": "silver", "limits": {"submits_per_minute": 500, "max_in_flight": 300},
                                                     "use": {"in_flight": 42, "submits_last_minute": 118},
                                                     "budget": {"daily_usd": 10, "committed_today_usd": 3.1682},
                                                     "hold": null, "throttled_until": null, "balance_usd": 61.4,
                                                     "paused": false, "breaker": null, "pace": null}
                                                    """)))
    public Object get(@Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        return view();
    }

    @PATCH
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "changeAccount",
            summary = "Changes limits and budget",
            description = "A tier sets its preset; numbers of one's own make it custom. What is left out stays.")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = Patch.class),
                            examples = {
                                @ExampleObject(name = "tier", value = "{\"tier\": \"gold\"}"),
                                @ExampleObject(
                                        name = "own numbers",
                                        value =
                                                "{\"submits_per_minute\": 60, \"max_in_flight\": 10, \"daily_budget_usd\": 25}")
                            }))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = AccountView.class)))
    @APIResponse(
            responseCode = "422",
            description = "Fields are wrong; all of them are listed and nothing is changed",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Object change(InputStream body, @Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        JsonNode asked = JsonBody.read(body);
        Account changed = accounts.change(now -> {
            AccountChange change = AccountChange.of(now, asked);
            return now.changed(change.limits(), change.dailyBudgetUsd());
        });
        LOG.infof("account changed: %s, daily budget USD %s", changed.limits(), changed.dailyBudgetUsd());
        dispatcher.wake();
        return view();
    }

    @POST
    @Path("/pause")
    @Operation(
            operationId = "pauseAccount",
            summary = "Stops all submitting",
            description = "What is under way is followed to its end; what waits is held.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = AccountView.class)))
    public Object pause(@Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        if (accounts.hold(HoldReason.PAUSED, PAUSED)) {
            LOG.info("account paused; nothing is submitted until it is resumed");
        }
        dispatcher.wake();
        return view();
    }

    @POST
    @Path("/resume")
    @Operation(
            operationId = "resumeAccount",
            summary = "Lets submitting go on",
            description =
                    "Whatever stopped or slowed it: a pause, a refused key, an empty balance, a 429. Closes the breakers too.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = AccountView.class)))
    public Object resume(@Context UriInfo uri) {
        QueryReader.refuseAll(uri);
        accounts.resume();
        LOG.info("account resumed");
        dispatcher.wake();
        return view();
    }

    private AccountView view() {
        return AccountView.of(accounts.read(), accounts.use(), breakers.read());
    }
}
