package io.wavequeue.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.wavequeue.store.JobTransitions;

/** The few rules that hold the layout of common and worker. */
@AnalyzeClasses(
        packages = "io.wavequeue",
        importOptions = {ImportOption.DoNotIncludeTests.class, LayoutTest.NoTestJars.class})
class LayoutTest {
    /** The test servers that this module borrows from another one's tests. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule JOB_IS_PLAIN = classes()
            .that()
            .resideInAPackage("io.wavequeue.job..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.wavequeue.job..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule ONLY_STORE_HAS_SQL = noClasses()
            .that()
            .resideOutsideOfPackages("io.wavequeue.store..", "io.wavequeue.local..", "io.wavequeue.test..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "jakarta.persistence..", "io.agroal..", "org.hibernate..");

    /**
     * A connection that is unwrapped keeps its place in the pool until the wrapper is closed (quarkus #37173). The one that
     * does it, for COPY, is given its connection by Database, which closes it.
     */
    @ArchTest
    static final ArchRule ONE_UNWRAPS_CONNECTIONS = noClasses()
            .that()
            .resideOutsideOfPackage("io.wavequeue.local..")
            .and()
            .haveNameNotMatching("io\\.wavequeue\\.store\\.SpoolFile(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.postgresql..");

    @ArchTest
    static final ArchRule ONLY_PROVIDER_KNOWS_THE_WIRE = noClasses()
            .that()
            .resideInAPackage("io.wavequeue.worker..")
            .and()
            .resideOutsideOfPackage("io.wavequeue.worker.provider..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "java.net.http..");

    @ArchTest
    static final ArchRule ONLY_SETTLE_WRITES_TRANSITIONS = classes()
            .that()
            .areAssignableTo(JobTransitions.class)
            .should()
            .onlyHaveDependentClassesThat()
            .resideInAnyPackage("io.wavequeue.worker.settle..", "io.wavequeue.store..");

    @ArchTest
    static final ArchRule STAGES_DO_NOT_KNOW_THE_FLOW = noClasses()
            .that()
            .resideInAPackage("io.wavequeue.worker..")
            .and()
            .resideOutsideOfPackage("io.wavequeue.worker.flow..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.wavequeue.worker.flow..");
}
