"""Which three letters stand in many names: counts over 399,203 companies of the GLEIF register (CC0).

Made by `bench/gram_background.py`, which says how; never edited by hand. Counts are kept as their step in log2; `^`
and `$` stand for a name's beginning and end.
"""

from __future__ import annotations

COMMON = 512

_STEPS = {
    16: ("ent"),
    15: ("andbalestfungloindinginvionlobmennd$nveobastmstrtiotmeundustves"),
    14: (
        "agealiareateaticomcondindusemeeneergerierserves$groicaiceiesineitylinmanmarndindunerng$nt$nteoldonsortpor"
        "proranrierinrviserstetaltectertintratritruuctvanvic"
    ),
    13: (
        "^maadeainal$alaaleallalsaltanaancansantariarkartassastautcalcapcarce$ceschnctidenderdevdiaducealechectedi"
        "eeneerefueineleelleloengequer$eraernertessetaeveforgemgingregy$harholialicsinaincinfintistitaitiiveketlan"
        "larldilecleslitlogloplutmernagnalnatncencondendsneengingsninnstntsoduolaolooluomeon$onaondoneopeoreotepar"
        "perpmequiradratre$reerenresrgyriarkerodroprowrucrusshosinsolssestastistotaiteltictietivtorts$turuituniure"
        "utiutovelver"
    ),
    12: (
        "^al^ca^co^gl^gr^ho^in^me^pa^pr^sa^sh^st^tr^vaablackactadiagrailairalcalfalmalpaluameamianeanganiapiaraard"
        "argarsasiataaveberbleboncancenchachechiciacolcorcrecs$ctrctsctudcodeldgedicdigdiseaneasecoedeeeleheehoel$"
        "elaeliemaencendensercereermeseesiesoeteetfetietreurfacffsfinfolfoofrafshgangengergisgrags$hanheaheehinhip"
        "hnohorhothouia$ianiatideighigiii$iliillimiiniinsireitelaslatlcolealenlialimliollellilthltiluemasmatmedmef"
        "metminmitmonmotmpananndandcndfnennesnetnfrngangenglnicnitnolns$nsinspnsuntantfntintrociockoffoftogiogyoin"
        "oliommompongoniontoodopmopporaorsoupourousoweowtpacpanpenpinpitplapowppippoprepriragralrasrearecredreiret"
        "rgericrisritrmarnaroarocronrours$rtfrtirtnrtusalsanschscosecselsensetsfushashisiosmasocsofsonspossissost$"
        "systantartattedteetegtemtentestf$tfotfuthcthethotmatnetomtontretrotsettrtunty$tyfulturauriurousivalvenwar"
        "werworwthyfuyinyst"
    ),
    11: (
        "201202^am^an^ar^as^au^ba^be^bl^br^ch^da^de^di^en^fi^fo^ga^ge^go^ha^he^ja^ka^la^mi^mo^na^ne^no^pe^po^ra^re"
        "^ro^sc^se^si^so^sp^su^ta^te^vi^weaccaceachaciacoadaadvaenag$agiaglalbaldalgalhaloalramaamoankannanoanuany"
        "apaar$arbarcarmarraryasaaseashasoathatoatrausavaavibanbehbhabilblabrabribrobuibutcascatcavcedch$chtciecin"
        "citckacleclicoictocurdandardatddede$desdexdfuditdivdmadpodprdredrids$dsedstdtrdviearecaeciecuedaedgeeseet"
        "efiefoegaegieglegreldelsemiempemsen$enaenbenheniepaepoeprerferleroerperreryesaescesfesgeshespetsettevaewa"
        "eweexpficfiefixfonftwgargasgatge$gedgesgetghtgiegitgmagolgyshamhcahedhemhenherhfuhighmahomhoshreiamiasibu"
        "ichiciicoidgiedielienierietifeifiigniiiiinil$ildileimaimeinnio$ipmippiseishisiisoissitsituivaiviixejeckag"
        "kerkinlaclcaldeleeleilellemleqlerlfulgrlholiclielifligllallollslmalonloslprlrels$lselsolstltalteltrluxlve"
        "macmaimalme$mesmicmilmmemobmormplmulmunnabnadnamnbencinddndgndlndmndondpndrndtne$newnfonfungmngrngtnhonis"
        "nlinmanmenornsansensontgnthntmntontpnttntunvaoadobiocaoceodeoenoilojeoleolloltomaomoonconfonlonmonpoolord"
        "orgoriorkorlormorpospossostotiounoutovaoveownpeaphapolponpplquaracrairamravrcerchrcircorderdirefregrehrel"
        "remreprfurgirglribridrivrlarliroirojrolrosrotrporprrrersarsershrsirsorstrt$rtarterthrtrrtsry$sagsasscasci"
        "seasegsglsheshrsiasicsigsilsorsouspaspespisprssastssulsunsupsursustastcoteitgltgrthathfthithmtiatimtistit"
        "tletoctoltsctsotstttetwatwotyitysualuiluipunguntup$uppurnuseutevatviavinvisweawelweswinxedyanymayse"
    ),
    10: (
        "^ab^ac^ad^ag^ai^ap^at^av^bi^bo^bu^ce^ci^cl^cr^do^dr^ea^el^em^eu^ex^fa^fr^hi^is^ke^ki^ko^le^li^lo^ms^mu^ni"
        "^pi^pl^qu^ri^sm^sr^th^ti^to^un^ve^wa^wiaanaaraatabaabeabiabrabsacaad$adoaeraftagaagoahaahoaifaisakeaktalv"
        "ambampamsan$anbanfanhanlanmanpanranvanzapeapoappaprarlarnaroarpas$ascaspatfatsattatuaurawaayaaymaysazibar"
        "basbelbenbetbinblibluborboubreburbuscceccoceacecceicelcemcepcercglchlchochrchscilciocipcisckeckrcksclaclo"
        "co$coacogcoocopcoscotcoucracrocspct$ctecuscycda$dacdaddaidaldamdasdcaddideadebdecdeddeedefdemdepdetdgldgr"
        "dhadhodiediidirdledlodondordpadradrodsadsidsodspdtedvadyneaceadeameateauebaebeeboebteceecyed$edcedfedoedp"
        "edredsedueedeefeepeeqefeegeeguegyeigeiselfelgelmelpeltem$embemoenfenmennenoenpenveofeopepeeplerberderherk"
        "eruerwesmesuet$ethetmetoetuetweumeuteviewiexeexfexiexteymfamfarfeefelfenferfidfirfitflaflefoufregalgcogec"
        "gefgelggrgicglegmbgnagrigsegsogtogutgyfgyigyphafhaihalhaphashcoheihelhilhithonhophrihtihwaiagiaiiblic$ick"
        "iclictidaidcidiigeiglikailailvilyimpinkinlinminoinuioriosipaipeiquirairciriiroirsisaiscithitoitrittiumius"
        "janjvakankarkedkenkorkroks$kshlabladlaglailaklallamlbalbold$ldaldsle$ledlegletleulevlexleylfilfolgalglliq"
        "lisllclmelmiloaloclorloulowloylpalphlsalsclsilsultdltfluslvaly$maamagmahmbembhmcomeamecmeemelmepmglmidmie"
        "mismmomodmpompums$mvanacnainarnasnavnboncanchncyndbndhndvnecnednefneinelnemneunexneynfinflngcngdngfnggngh"
        "ngongpngvnhanhenianienimnionipnkenlanlennannenninnonomnonnosnovnpanponprnrenronscnshntbntcnufnumoanocood$"
        "odaodiodpodsofiogeoglogrol$olsomionhonnonoonvooropaopror$orcornoryosaoseotaotoottoueovioyepalpatpe$pecpet"
        "pgrplcplepliplopluplypooppeprapubpurputpvaquerafrajraprberborcardarevrgargorgrrhorigrimriork$rksrldrmermi"
        "rmornernirobroerofrogromroorparrarrirrorscrsprtmrtortyrvarverwaryssacsaisamsarsatsauscssdesdise$sedsemseq"
        "sessfosgesgrsidsifsiisitsivslaslosmesmisp$spcsplsresrisrlss$sscsspsstssustcstfstgstusubsumsvaswasweswit20"
        "ta$taatabtactadtagtamtautbetcatchtdeteatebtettextfeth$thpthstigtiitiltirtlato$toftootoptostottowtpatprtry"
        "tsatsftsitsptssttotustuttyatyctygtymtypuarubluciudeue$uefueruesufauiduisuk$ulaum$umaumeumiurcurguryus$usa"
        "usdushussutauthutuvarve$veeveividvilvitvolwabwalwatwaywilwiswnewooxinxpryalyclycoydeyeeyglygryhoyieymeyna"
        "ypayprysoytrziozon"
    ),
    9: (
        "200^aa^ae^ak^ax^bh^bn^cs^du^ec^ed^eq^er^es^ev^fe^fl^fu^gi^gu^hs^hu^hy^ic^im^ir^it^je^jo^jp^ju^kr^lu^mc^ml"
        "^mr^nu^oc^om^on^op^or^ph^pu^ru^sk^sw^sy^tu^ub^us^vo^wh^woaagaalaasaauabbaboacqacraddadhadmadradsaduaelafe"
        "affafiafoafrafuaggagnaheaimajaajiakaakiakoaksalkalnalwalyamcamgammamramuanjanwapgaplapsapvaquarfarharuarv"
        "arwasdasmasuatcatlaudav$avravsaxaaxiaxmay$ayeayiazaazobacbaibatbaybeabeebesbfubiabiobitblobosbotbsobulca$"
        "cabcadcaicamcayccuceecefcegcetchcchfchmchucifcivck$ckiclucmacoccoecofcovcprcqucsacsecsicsocssculcumcvacy$"
        "d20dagdaudavdazdbedbodc$dchdegdehdeideqdeudfadfidfodgadhedhidi$dimdiodlidmedmidmodofdoldomdoodowdpedpldsc"
        "dsgdshdsmdssdsudundurdvedwadwedwie20eafeageaieavebrebueckeclecredbeddedmedteebeekeemeeuefaegoehaehieideii"
        "eileimeitekaekeektelbelcelhelreluelvemuenkenlenrenuenwenyenzeonepieptes2esbesdeskeslesreswesyeszet2etcetd"
        "etgetletnetpetyeusevoewoexaexcfabfaifasfeifesffeffifilfisflofocfrifrofstft$fthfuefurfutgaggamgapgaugcegde"
        "geageegeggeigeogepgfugglghagheghighoghwghygiaglagnegnignogongoogovgpagprgshgsigstgtegtrguagungvagyagycgye"
        "gyggyhgythadhaghakhathauhavheshethhohichirhishivhlahlohmehmihnahnihoehofhoohpahpohprhrohsehsohsthtehtrhts"
        "hunhvahydhyiiaaiabiaciaeiapiariauibaibeiccicgicmicpicricviddie$iebiegiemieuiewif$iffifoiftifuigaigrihoiis"
        "ijaijkikeikoilmiloilpilsiltimcimmimoimsin$ioeiofiouip$iplipoipripsirkirpirtiskislismispisuit$itcitfiv$iya"
        "izaizeizojaijapjayjetjewjinjohjpmkaikalkamkaskatkcokelkeskglkhakhokirklikmakoekomkonkprkrakrikseksokstkte"
        "ktiktrlaalajlaplaulavlaxlaylbelbulcelchlcrldcldfldmldrlebleflehleoleplfalgilhelhilidliiliplivlkall$llmllt"
        "lmolmulofloiloolotlpilpolrolshlsmlsplsyltoltultylubluclumlunlwalwelyilysmadmapmaumaxmbambimbombrmebmegmei"
        "memmhomirmmammimmumosmoumpempimprmsamscmsemsimsomstmtemtrmukmurmusmutna$naanaenapnaunaynbanbrnbuncrnd1nd2"
        "ndnndwndyneanegnehnepneqnfangbngkngungwnigniiniknirniunivnk$nkanklnkonlonminmonmunofnoinopnotnplnrinsfnsg"
        "nslnsmnssntdntlntynusnvinwanwenwinytoakoaloatobeoboochocuoedoeloeroesofeofoofuohaohnohookeokoolgolkolyomb"
        "omsonbonronuonwookoomoonoopopcopoopsoptorforhoroorroscoshosiosmosoothotroudowaowioyapaipappaspc$pcopedpee"
        "pelpespglphiphopicpimpippirpmopoipospotppapsepsipstptiptrra$raarabraerahrakrarraurawrayrbarbirburcrrdcrds"
        "rebreorerreurewrexrfirforg$rheriirijrikrilriprizrkirlerlorm$rmsrnmrnsro$rovroyrperplrryrsfrsgrsmrssrsursv"
        "rsyrtcrtdrtgrtkrttrudruerumrunruprweryaryfryiryps20sa$sabsadsafsavsbasbesbuscescrseeseisepseusfasfisgashm"
        "shnshwsiesimsirsisskaskeskiskysleslislusmosnesqusrosshssmsssst2stbsthstlstpsttsuksvesviszotaetaftaptaxtba"
        "tbotcltdatdite$tefteotepteutewtfitgatgethlthrti$tiftiktiptkotlitlotmotnotoetoitoktoutpltpotsgtshtsmtsutta"
        "ttittltuatudtumtvatvetwetwitydtyetyhtyltyotytuanuatubeubfubsucauceuckudiuecueeueiueluenuepuinuliullumbumm"
        "umpumuunauncuneunsupaupeur$urburrursurtuscusfusgusmutrutsuveuxevaivasveavecvedvegvehvemvepvetvieviivirvra"
        "wanwaswebwedwenwhowidwiexchxemxfuxglxmixplxpoxtextryamyaryasycaychydiydryenyetyfoyleyliyneyofyonypoyreysi"
        "ytayteytozarzenzerziazinzol"
    ),
}

COUNTS = {line[at : at + 3]: 2**step for step, line in _STEPS.items() for at in range(0, len(line), 3)}
