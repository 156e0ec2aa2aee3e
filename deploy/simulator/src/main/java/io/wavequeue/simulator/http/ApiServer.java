package io.wavequeue.simulator.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.BodyHash;
import io.wavequeue.simulator.account.Prediction;
import io.wavequeue.simulator.account.Setting;
import io.wavequeue.simulator.audio.AudioFiles;
import io.wavequeue.simulator.catalogue.Catalogue;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultBook;
import io.wavequeue.simulator.fault.FaultCall;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import io.wavequeue.simulator.media.Upload;
import io.wavequeue.simulator.media.Uploads;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The way of every request: body, count, key, fault before, endpoint, fault after, send. */
public final class ApiServer {
    private static final Logger LOG = System.getLogger(ApiServer.class.getName());
    private static final int MAX_JSON = 4 << 20;
    /** A file of the largest size, and what a multipart form puts around it. */
    private static final int MAX_FILE = Setting.LARGEST_FILE + (64 << 10);

    private static final Reply TOO_LARGE = Reply.problem(413, "the request body is too large");

    private final Account account;
    private final FaultBook faults;
    private final Held held = new Held();
    private final Time.Timer timer;
    private final Uploads uploads;
    private final Sources sources;
    private final Sender sender;
    private final SubmitEndpoint submit;
    private final QueryEndpoints query;
    private final BillingEndpoints billing;
    private final FileEndpoints files;
    private final OlderEndpoints older;
    private final WebhookSender webhooks;
    private final AdminEndpoint admin;

    /**
     * Makes the server's inside.
     *
     * @param outage takes the server off the network for a while
     */
    public ApiServer(
            Vertx vertx,
            Account account,
            Catalogue catalogue,
            Uploads uploads,
            FaultBook faults,
            Time time,
            Consumer<Duration> outage) {
        InstantSource clock = time.clock();
        this.timer = time.timer();
        this.account = account;
        this.faults = faults;
        this.uploads = uploads;
        AudioFiles audio = new AudioFiles();
        this.sources = new Sources(uploads, account, audio, clock);
        this.sender = new Sender(clock);
        Prices prices = new Prices(account, sources);
        PredictionJson predictions = new PredictionJson(account, audio);
        this.submit = new SubmitEndpoint(vertx, account, catalogue, sources, prices, faults, predictions);
        this.query = new QueryEndpoints(account, catalogue, prices, predictions);
        this.billing = new BillingEndpoints(account);
        this.files = new FileEndpoints(vertx, account, uploads, audio, clock);
        this.older = new OlderEndpoints(account, query, billing, files);
        this.webhooks = new WebhookSender(vertx, account, faults, predictions, time);
        this.admin = new AdminEndpoint(account, faults, held, files, catalogue, submit, outage);
    }

    /** Forgets predictions, ledger, counters, faults and uploads; settings stay. */
    public void reset() {
        admin.reset();
    }

    /** Lets what faults hold back go on. */
    public void release() {
        held.release();
    }

    /** Forgets the faults, and lets go on what they hold back. */
    public void clearFaults() {
        admin.clearFaults();
    }

    public void handle(HttpServerRequest request) {
        Route route = Route.of(request.method(), request.path());
        int limit = route.endpoint().takesFiles() ? MAX_FILE : MAX_JSON;
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() + part.length() <= limit) {
                body.appendBuffer(part);
            } else if (!request.response().ended()) {
                sender.send(request, new Distortion.Sent.Whole(TOO_LARGE.withHeader("Connection", "close")));
            }
        });
        request.exceptionHandler(lost -> LOG.log(Level.DEBUG, "a client went away while it sent its request", lost));
        request.endHandler(end -> {
            if (!request.response().ended()) {
                Call call = new Call(request, route, body.getBytes());
                orProblem(call, () -> begin(call));
            }
        });
    }

    /** No request may hang because of a mistake in here. */
    private void orProblem(Call call, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a request could not be answered", e);
            if (!call.request().response().headWritten()) {
                sender.send(
                        call.request(),
                        new Distortion.Sent.Whole(Reply.problem(500, "the simulator failed: " + e.getMessage())));
            }
        }
    }

    private void begin(Call call) {
        account.advance();
        long before = account.countRequest(call.endpoint().text());
        if (call.endpoint() == Endpoint.SUBMIT) {
            BodyHash hash = BodyHash.of(call.body());
            BodyHash marker = sources.marker(call.body(), hash);
            call.hashed(hash, marker, account.countMarker(marker));
        }
        if (call.endpoint().isFile() && !call.key().isEmpty()) {
            account.countLeak();
        }
        if (call.endpoint().needsKey() && !isLetIn(call.key())) {
            if (call.endpoint() == Endpoint.SUBMIT) {
                account.countSubmit(false);
            }
            finish(call, Reply.problem(401, "invalid API key"), null);
            return;
        }
        if (call.endpoint().needsKey()
                && call.endpoint() != Endpoint.SUBMIT
                && account.settings().is(Setting.LIMIT_COUNTS, "all")) {
            if (account.isThrottled()) {
                finish(call, SubmitEndpoint.tooMany(account), null);
                return;
            }
            account.countLimited();
        }
        FaultCall faultCall = call.endpoint() == Endpoint.ADMIN ? null : faultCall(call, before);
        FaultRule rule = faultCall == null ? null : faults.strike(FaultPhase.BEFORE_ACCEPT, faultCall);
        if (rule == null) {
            proceed(call, faultCall);
        } else {
            later(call, rule, () -> refuse(call, faultCall, ofAnswer(rule)));
        }
    }

    private boolean isLetIn(String key) {
        String only = account.settings().get(Setting.KEY);
        return only.isEmpty() ? !key.isEmpty() : key.equals(only);
    }

    private void refuse(Call call, @Nullable FaultCall faultCall, FaultAction.OfAnswer action) {
        account.advance();
        if (action instanceof FaultAction.Pass) {
            proceed(call, faultCall);
            return;
        }
        if (call.endpoint() == Endpoint.SUBMIT) {
            account.countSubmit(action instanceof FaultAction.Answer answer && answer.status() == 429);
        }
        send(call, Reply.problem(500, "simulated fault"), action);
    }

    private void proceed(Call call, @Nullable FaultCall faultCall) {
        answer(call)
                .onSuccess(reply -> {
                    FaultRule rule = faultCall == null || reply.status() != 200
                            ? null
                            : faults.strike(call.endpoint().answerPhase(), faultCall);
                    finish(call, reply, rule);
                })
                .onFailure(failure -> {
                    LOG.log(Level.ERROR, "a request could not be answered", failure);
                    finish(call, Reply.problem(500, "the simulator failed: " + failure), null);
                });
    }

    private Future<Reply> answer(Call call) {
        try {
            return switch (call.endpoint()) {
                case SUBMIT -> submit.answer(call);
                case RESULT -> Future.succeededFuture(query.result(call));
                case HISTORY -> Future.succeededFuture(query.history(call));
                case BALANCE -> Future.succeededFuture(query.balance());
                case PRICE -> Future.succeededFuture(query.price(call));
                case MODELS -> Future.succeededFuture(query.models(call));
                case DELETE -> Future.succeededFuture(query.delete(call));
                case BILLING -> Future.succeededFuture(billing.search(call));
                case USAGE -> Future.succeededFuture(billing.usage(call));
                case WEBHOOK_SECRET -> Future.succeededFuture(webhookSecret(call));
                case OLDER -> older.answer(call);
                case UPLOAD_BINARY -> files.binary(call, "download_url");
                case UPLOAD_TICKET -> Future.succeededFuture(files.ticket(call));
                case UPLOAD_PUT -> files.put(call);
                case OUTPUT -> files.output(call);
                case MEDIA -> files.media(call);
                case ADMIN -> Future.succeededFuture(admin.answer(call));
                case UNKNOWN_API, UNKNOWN -> Future.succeededFuture(Reply.problem(404, "not found"));
            };
        } catch (BadRequest e) {
            return Future.succeededFuture(Reply.problem(400, String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private Reply webhookSecret(Call call) {
        String secret = webhooks.secret(call.key());
        return Reply.success(json -> {
            json.writeStartObject();
            json.writeStringField("secret", secret);
            json.writeEndObject();
        });
    }

    private static FaultAction.OfAnswer ofAnswer(FaultRule rule) {
        if (rule.action() instanceof FaultAction.OfAnswer action) {
            return action;
        }
        throw new IllegalStateException(rule + " cannot change an answer, and no rule like it is taken");
    }

    private void finish(Call call, Reply reply, @Nullable FaultRule rule) {
        if (rule == null) {
            orProblem(call, () -> send(call, reply, null));
        } else {
            later(call, rule, () -> send(call, reply, ofAnswer(rule)));
        }
    }

    private void send(Call call, Reply reply, FaultAction.@Nullable OfAnswer action) {
        boolean bare = call.endpoint().needsKey() && account.settings().is(Setting.ENVELOPE, "bare");
        sender.send(call.request(), Distortion.apply(action, reply, bare));
    }

    private void later(Call call, FaultRule rule, Runnable action) {
        if (rule.hold()) {
            held.add(() -> orProblem(call, action));
        } else if (rule.delay().isZero()) {
            orProblem(call, action);
        } else {
            timer.after(rule.delay(), () -> orProblem(call, action));
        }
    }

    private FaultCall faultCall(Call call, long before) {
        String endpoint = call.endpoint().text();
        int count = (int) Math.min(Integer.MAX_VALUE, before);
        return switch (call.endpoint()) {
            case SUBMIT ->
                new FaultCall(
                        endpoint,
                        call.argument(),
                        call.marker().hex(),
                        call.marker().draw(account.seed(), 0),
                        call.markersBefore(),
                        call.body());
            case RESULT -> ofPrediction(call, call.argument(), count);
            case OUTPUT -> {
                int dot = call.argument().indexOf('.');
                yield ofPrediction(
                        call, dot < 0 ? call.argument() : call.argument().substring(0, dot), count);
            }
            case UPLOAD_PUT, MEDIA -> ofUpload(call, count);
            case HISTORY,
                    BALANCE,
                    PRICE,
                    MODELS,
                    DELETE,
                    BILLING,
                    USAGE,
                    WEBHOOK_SECRET,
                    OLDER,
                    UPLOAD_TICKET,
                    UPLOAD_BINARY,
                    ADMIN,
                    UNKNOWN_API,
                    UNKNOWN -> new FaultCall(endpoint, null, call.argument(), account.seed(), count, null);
        };
    }

    private FaultCall ofPrediction(Call call, String id, int count) {
        String endpoint = call.endpoint().text();
        Prediction prediction = account.find(id);
        if (prediction == null) {
            return new FaultCall(endpoint, null, id, account.seed(), count, null);
        }
        int before = call.endpoint() == Endpoint.RESULT ? prediction.countPoll() : prediction.countDownload();
        Prediction.Submission submission = prediction.submission();
        return new FaultCall(endpoint, submission.model().id(), id, prediction.draw(), before, submission.body());
    }

    /** Counted for each file; drawn by its name and size, since its address differs from run to run. */
    private FaultCall ofUpload(Call call, int count) {
        String endpoint = call.endpoint().text();
        Upload upload = files.find(call);
        if (upload == null) {
            return new FaultCall(endpoint, null, call.argument(), account.seed(), count, null);
        }
        int before = call.endpoint() == Endpoint.MEDIA ? uploads.countGet(upload) : uploads.countPut(upload);
        BodyHash name = BodyHash.of((upload.filename() + ":" + upload.size()).getBytes(StandardCharsets.UTF_8));
        return new FaultCall(endpoint, null, upload.token(), name.draw(account.seed(), 0), before, null);
    }
}
