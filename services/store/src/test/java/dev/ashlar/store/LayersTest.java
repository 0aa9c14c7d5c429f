package dev.ashlar.store;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/** The layers of the product: common, then raft, then store and coordinator, which never meet. */
class LayersTest {
    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.ashlar");
    }

    @Test
    void storeNeverMeetsTheCoordinator() {
        noClasses()
                .that()
                .resideInAPackage("dev.ashlar.store..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.ashlar.coordinator..")
                .check(classes);
    }

    @Test
    void layersOnlyLookDown() {
        noClasses()
                .that()
                .resideInAPackage("dev.ashlar.common..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.ashlar.raft..", "dev.ashlar.store..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("dev.ashlar.raft..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.ashlar.store..")
                .check(classes);
    }

    @Test
    void commonKnowsNoFramework() {
        noClasses()
                .that()
                .resideInAPackage("dev.ashlar.common..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "io.vertx..", "jakarta..", "com.fasterxml..", "org.rocksdb..")
                .check(classes);
    }

    @Test
    void onlyTheEngineSeesItsLibrary() {
        noClasses()
                .that()
                .resideInAPackage("dev.ashlar.store..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.microraft..")
                .check(classes);
    }

    @Test
    void keysKnowNothingOfHttp() {
        noClasses()
                .that()
                .resideInAPackage("dev.ashlar.store.kv..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.quarkus..", "jakarta..", "dev.ashlar.store.http..")
                .check(classes);
    }

    @Test
    void packagesAreNamedByWhatTheyOwn() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..helper..", "..manager..", "..impl..")
                .check(classes);
    }
}
